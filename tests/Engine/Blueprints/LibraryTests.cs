using Socle.Blueprints;
using Socle.Kernel;

namespace Socle.Tests.Blueprints;

public sealed class LibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("socle-blueprints-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_blueprint_that_comes_with_Socle_is_found_by_its_name()
    {
        var washgo = BlueprintLibrary.Find("washgo").Value;

        Assert.Equal(["clients", "services", "companies", "engagements", "leads"], washgo.Tables.Select(table => table.Name));
    }

    public static TheoryData<string> Built => [.. BlueprintLibrary.Names];

    [Theory]
    [MemberData(nameof(Built))]
    public void All_that_people_read_of_them_is_in_both_languages(string name)
    {
        var blueprint = BlueprintLibrary.Find(name).Value;

        Assert.All(blueprint.Tables.SelectMany(table => table.Fields), field => Assert.NotNull(field.Label));
        Assert.All(blueprint.Tables, table => Assert.NotNull(table.Label));
        Assert.All(blueprint.Tables.SelectMany(table => table.Views), view => Assert.NotEqual(view.Key, view.View.Label.French));
        Assert.All(blueprint.Dashboards.SelectMany(dashboard => dashboard.Widgets), widget => Assert.NotEqual(widget.Widget.Id, widget.Widget.Label.French));
    }

    [Fact]
    public void Another_is_found_by_its_path()
    {
        var path = Path.Combine(_folder, "mine.yaml");
        File.WriteAllText(path, "blueprint: mine\ntables: { a: { fields: { b: text } } }");

        Assert.Equal("mine", BlueprintLibrary.Find(path).Value.Name);
    }

    [Fact]
    public void An_unknown_name_lists_those_known()
    {
        var fault = Assert.Single(BlueprintLibrary.Find("washgoo").Faults);

        Assert.Equal(FaultCode.InvalidBlueprint, fault.Code);
        Assert.Contains("washgo.", fault.Message.English, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_text_is_refused()
    {
        var path = Path.Combine(_folder, "binary.yaml");
        File.WriteAllBytes(path, [0x62, 0xff, 0xfe, 0x00]);

        Assert.Contains("it is not UTF-8 text", Assert.Single(BlueprintLibrary.Find(path).Faults).Message.English, StringComparison.Ordinal);
    }
}
