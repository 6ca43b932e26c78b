using System.Text.Json.Nodes;
using Socle.Blueprints;
using Socle.FieldTypes;
using Socle.Views;

namespace Socle.Tests.Blueprints;

/// <summary>blueprints/schema.json and docs/blueprints.md say what the reader does.</summary>
public sealed class SchemaFileTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(Repository.Read("blueprints/schema.json"))!;

    [Fact]
    public void The_schema_knows_the_types_of_the_registry() =>
        Assert.Equal(FieldTypeRegistry.All.Select(type => type.Name), Schema["$defs"]!["type"]!["enum"]!.AsArray().Select(name => name!.GetValue<string>()));

    [Fact]
    public void The_schema_knows_the_keys_of_the_reader()
    {
        var definitions = Schema["$defs"]!;
        Assert.Equal(BlueprintKeys.Document, Keys(Schema));
        Assert.Equal(BlueprintKeys.Table, Keys(definitions["table"]!));
        Assert.Equal(BlueprintKeys.Field, Keys(definitions["field"]!["anyOf"]![1]!));
        Assert.Equal(BlueprintKeys.AdoptedTable, Keys(definitions["adoptedTable"]!));
        Assert.Equal(BlueprintKeys.AdoptedField, Keys(definitions["adoptedField"]!["anyOf"]![1]!));
        Assert.Equal(BlueprintKeys.Role, Keys(definitions["role"]!));
        Assert.Equal(BlueprintKeys.Policy, Keys(definitions["policy"]!));
        Assert.Equal(BlueprintKeys.View, Keys(definitions["view"]!));
        Assert.Equal(BlueprintKeys.Dashboard, Keys(definitions["dashboard"]!));
        Assert.Equal(BlueprintKeys.Widget, Keys(definitions["widget"]!));
        Assert.Equal(BlueprintKeys.Rule, Keys(definitions["rule"]!["anyOf"]![1]!));
        Assert.Equal(BlueprintKeys.TableRule, Keys(definitions["tableRule"]!));
        Assert.Equal(BlueprintKeys.Index, Keys(definitions["index"]!["anyOf"]![1]!));
        Assert.Equal(BlueprintKeys.Label, Keys(definitions["label"]!["anyOf"]![1]!));
        Assert.Equal(BlueprintKeys.ChoiceSource, Keys(definitions["choiceSource"]!));
        Assert.Equal(BlueprintKeys.Choice, Keys(definitions["choice"]!["anyOf"]![1]!));
    }

    [Fact]
    public void The_schema_knows_the_kinds_of_views_and_widgets_and_their_settings()
    {
        static IEnumerable<string> Words(JsonNode node) => node["properties"]!["kind"]!["enum"]!.AsArray().Select(word => (string)word!);
        var view = Schema["$defs"]!["view"]!;
        Assert.Equal(Kinds.Views.OrderBy(kind => kind.Value).Select(kind => kind.Key), Words(view));
        Assert.Equal(Kinds.Widgets.OrderBy(kind => kind.Value).Select(kind => kind.Key), Words(Schema["$defs"]!["widget"]!));
        Assert.Equal(SettingRule.All.Values.SelectMany(rules => rules).Select(rule => rule.Name).Distinct().Order(StringComparer.Ordinal), Keys(view["properties"]!["settings"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_schema_refuses_the_reserved_table_names_that_the_reader_refuses()
    {
        var names = Schema["properties"]!["tables"]!["propertyNames"]!["not"]!["enum"]!.AsArray().Select(name => name!.GetValue<string>());

        Assert.All(names, name => Assert.Contains("is the name of a door", Asked.Faults($"blueprint: a\ntables: {{ {name}: {{ fields: {{ b: text }} }} }}"), StringComparison.Ordinal));
    }

    public static TheoryData<string> Built => [.. BlueprintLibrary.Names];

    [Theory]
    [MemberData(nameof(Built))]
    public void Blueprints_that_come_with_Socle_satisfy_the_schema(string name) => Assert.Empty(JsonSchema.Faults(Schema, YamlJson.Read(Repository.Read($"blueprints/{name}.yaml"))));

    [Theory]
    [InlineData("blueprint: a")]
    [InlineData("blueprint: A\ntables: { a: { fields: { b: text } } }")]
    [InlineData("blueprint: a\ntables: { users: { fields: { b: text } } }")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: texte } } }")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: { type: text, requird: true } } } }")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: text }, indexes: [[b down]] } }")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: { type: choice, choices: [] } } } }")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: text }, views: { v: { kind: list } } } }")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: text }, views: { v: { kind: grid, settings: { colums: [b] } } } } }")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: text } } }\ndashboards: { d: { widgets: { w: { kind: number } } } }")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: { type: choice, choices: { from: a } } } } }")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: { type: rollup, through: a.b, function: median } } } }")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: text } } }\nroles: { admin: {} }")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: text } } }\nroles: { sales: { default: [look] } }")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: text } } }\npolicies: { viewer: { a: { read: { filtre: b=eq.1 } } } }")]
    public void What_the_reader_refuses_the_schema_refuses_too(string yaml)
    {
        Assert.NotEqual("", Asked.Faults(yaml));
        Assert.NotEmpty(JsonSchema.Faults(Schema, YamlJson.Read(yaml)));
    }

    [Fact]
    public void The_documented_example_is_a_right_blueprint()
    {
        var text = Repository.Read("docs/blueprints.md");
        var start = text.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var yaml = text[start..text.IndexOf("```", start, StringComparison.Ordinal)];

        Assert.Equal(["customers", "repairs", "parts", "repair_parts"], Asked.Blueprint(yaml).Tables.Select(table => table.Name));
        Assert.Empty(JsonSchema.Faults(Schema, YamlJson.Read(yaml)));
    }

    [Fact]
    public void The_documentation_names_every_key_and_type()
    {
        var text = Repository.Read("docs/blueprints.md");
        string[] words = [.. BlueprintKeys.Document, .. BlueprintKeys.Settings, .. BlueprintKeys.Table, .. BlueprintKeys.Field, .. BlueprintKeys.Role, .. BlueprintKeys.Policy, .. BlueprintKeys.Rule, .. BlueprintKeys.TableRule, .. BlueprintKeys.View, .. BlueprintKeys.Dashboard, .. BlueprintKeys.Widget, .. FieldTypeRegistry.All.Select(type => type.Name)];

        Assert.All(words, word => Assert.Contains($"`{word}`", text, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Keys(JsonNode schema) => schema["properties"]!.AsObject().Select(property => property.Key);
}
