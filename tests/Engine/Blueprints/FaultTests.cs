using Socle.Blueprints;
using Socle.Kernel;

namespace Socle.Tests.Blueprints;

public sealed class FaultTests
{
    [Fact]
    public void Every_fault_of_a_file_is_reported_at_once_with_its_line()
    {
        const string Yaml = """
            blueprint: Wash Go
            lable: x
            tables:
              clients:
                serach: [name]
                search: [name, age, cty]
                fields:
                  name: texte
                  companyName: text
                  age: { type: number, default: old }
                  city: { type: text, unique: yes, requird: true }
                  firm_id: { type: reference, to: companys, on_delete: set_null, required: true }
                  state: { type: choice, choices: [a, a], default: c }
                  amount: { type: decimal, precision: 5, scale: 6 }
                  id: uuid
                indexes:
                  - [statut]
                  - { fields: [city, age down], unique: maybe }
                sample:
                  - { name: a, age: twelve, firm_id: 6f9619ff-8b86-4d01-b42d-00cf4fc964ff }
                  - { nam: b }
              users:
                fields: { name: text }
              companies:
                label: { fr: Entreprises, de: Firmen }
                fields:
                  name: { type: text, required: true, to: clients }
                  name: text
                sample:
                  - { id: 6f9619ff-8b86-4d01-b42d-00cf4fc964ff }
            """;

        Assert.Equal(
            """
            1: 'Wash Go' is not a name: use small letters a-z, digits and _, beginning with a letter, such as 'wash_go'.
            2: The key 'lable' is unknown. Did you mean 'label'?
            5: The key 'serach' is unknown. Did you mean 'search'?
            6: The field 'cty' is unknown. Did you mean 'city'?
            6: 'age' cannot be searched: it holds no text.
            8: The field type 'texte' is unknown. Did you mean 'text'?
            9: 'companyName' is not a name: use small letters a-z, digits and _, beginning with a letter, such as 'company_name'.
            10: 'tables.clients.fields.age.default' expects a whole number from -9223372036854775808 to 9223372036854775807.
            11: The key 'requird' is unknown. Did you mean 'required'?
            11: 'tables.clients.fields.city.unique' expects true, false or ignore_case.
            12: A required field cannot be emptied: use on_delete: restrict or cascade.
            12: The table 'companys' is unknown. Did you mean 'companies'?
            13: The choice 'a' is here twice.
            13: 'tables.clients.fields.state.default' expects one of: a.
            14: 'tables.clients.fields.amount.scale' expects a whole number from 0 to 5.
            15: Every table has 'id' already: remove this line, or name other fields with 'key:'.
            17: The field 'statut' is unknown. Did you mean 'state'?
            18: 'tables.clients.indexes[1].unique' expects true or false.
            18: 'age down' is not understood: write a field, or a field and asc or desc.
            20: 'tables.clients.sample[0].age' expects a whole number from -9223372036854775808 to 9223372036854775807.
            21: The field 'nam' is unknown. Did you mean 'name'?
            21: This record has no value for 'firm_id', which is required.
            22: 'users' is the name of a door of the server itself, so a table cannot have it: choose another, such as 'users_list'.
            25: The key 'de' is unknown. Known: fr, en.
            27: 'to' does not go with the type text.
            28: 'name' is here twice, first on line 27: keep one.
            30: This record has no value for 'name', which is required.
            """,
            Asked.Faults(Yaml));
    }

    [Theory]
    [InlineData("", "1: The file is empty: begin with 'blueprint: <name>'.")]
    [InlineData("# nothing", "1: The file is empty: begin with 'blueprint: <name>'.")]
    [InlineData("[a]", "1: test.yaml is not a blueprint: begin with 'blueprint: <name>'.")]
    [InlineData("just text", "1: test.yaml is not a blueprint: begin with 'blueprint: <name>'.")]
    [InlineData("blueprint: a\ntables:\n\tx: 1", "3: This line is indented with a tab, which YAML does not allow: use blanks.")]
    [InlineData("blueprint: a\ntables:\n  x: 1\n y: 2", "4: This is not YAML from here on: look at the indentation, the colons and the quotes.")]
    [InlineData("blueprint: [a,\nb: 2\nc: 3", "1: This is not YAML from here on: look at the indentation, the colons and the quotes.")]
    [InlineData("blueprint: a\ntables: { x: {", "2: This is not YAML from here on: look at the indentation, the colons and the quotes.")]
    [InlineData("blueprint: a", "1: A blueprint needs at least one table.")]
    [InlineData("blueprint: a\ntables:", "2: 'tables' expects a group of 'key: value' lines.")]
    [InlineData("tables: { a: { fields: { b: text } } }", "1: Say the blueprint's name: 'blueprint: my_firm'.")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: text } } }\n---\nblueprint: b", "3: A file holds one blueprint: remove what follows '---'.")]
    [InlineData("blueprint: &x a\ntables: { a: { fields: { b: text } } }", "1: Anchors (&), aliases (*) and tags (!) are not used in blueprints: write the value itself.")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: !!str text } } }", "2: Anchors (&), aliases (*) and tags (!) are not used in blueprints: write the value itself.")]
    [InlineData("blueprint: a\ntables: { a: { label: \"\\0\", fields: { b: text } } }", "2: This text holds a character that cannot be stored (U+0000 or half of a surrogate pair).")]
    [InlineData("blueprint: a\ntables: { a: { fields: { b: text } } }\n? [x]\n: 1", "3: A key is a word, not a list or a map.")]
    [InlineData("blueprint: a\ntables: { a: text }", "2: 'tables.a' expects a group of 'key: value' lines.")]
    [InlineData("blueprint: a\ntables: { a: { } }", "2: The table 'a' has no fields: add 'fields:'.")]
    public void What_is_no_blueprint_is_refused(string yaml, string fault) => Assert.Equal(fault, Asked.Faults(yaml));

    [Theory]
    [InlineData("fields: { a: }", "4: Say the type of 'a': 'a: text'.")]
    [InlineData("fields:\n  a: { label: x }", "5: Say the type of 'a': 'type: text'.")]
    [InlineData("fields: { a: reference }", "4: A field of type reference needs 'to'.")]
    [InlineData("fields: { a: choice }", "4: A field of type choice needs 'choices'.")]
    [InlineData("fields: { a: { type: choice, choices: [] } }", "4: A choice needs at least one value.")]
    [InlineData("fields: { a: { type: text, precision: 3 } }", "4: 'precision' does not go with the type text.")]
    [InlineData("fields: { a: { type: decimal, scale: 3 } }", "4: 'scale' needs 'precision': how many digits in all.")]
    [InlineData("fields: { a: { type: number, unique: ignore_case } }", "4: Only text has letters whose case can be ignored, not the type number: write 'unique: true'.")]
    [InlineData("fields: { a: { type: date, default: now-ish } }", "4: 'tables.things.fields.a.default' expects a date such as 2026-12-31, or today.")]
    [InlineData("fields: { a: { type: date, default: 2026-02-30 } }", "4: 'tables.things.fields.a.default' expects a date such as 2026-12-31, or today.")]
    [InlineData("fields: { a: { type: date_time, default: today } }", "4: 'tables.things.fields.a.default' expects a date and time such as 2026-12-31T09:30:00+01:00, or now.")]
    [InlineData("fields: { a: { type: boolean, default: yes } }", "4: 'tables.things.fields.a.default' expects true or false.")]
    [InlineData("fields: { a: { type: text, default: [x] } }", "4: 'tables.things.fields.a.default' expects text (a JSON string without the character U+0000).")]
    [InlineData("fields: { a: { type: decimal, precision: 4, scale: 2, default: 100 } }", "4: 'tables.things.fields.a.default' has room for 2 digits before the point.")]
    [InlineData("fields: { xmin: text }", "4: PostgreSQL keeps the column 'xmin' for itself: choose another name.")]
    [InlineData("fields: { created_at: date_time }", "4: Every table has 'created_at' already: remove this line, or write 'timestamps: false'.")]
    [InlineData("key: [b]\nfields: { a: text }", "4: The field 'b' is unknown. Did you mean 'a'?")]
    [InlineData("key: []\nfields: { a: text }", "4: A key needs at least one field.")]
    [InlineData("key: [a]\nfields: { a: { type: reference, to: things } }", "5: 'things' has no 'id' to refer to, since it has a key of its own.")]
    [InlineData("fields: { a: text }\nindexes: [a]", "5: An index is a list of fields, such as [status, created_at desc].")]
    [InlineData("fields: { a: text }\nindexes: [[a, a desc]]", "5: 'a' is here twice.")]
    [InlineData("fields: { a: { type: text, index: true } }\nindexes: [[a]]", "5: This index is here twice: 'ix_things_a'.")]
    [InlineData("fields: { a: tags, b: text }\nindexes: [[b, a]]", "5: 'a' holds many values in one record: give it an index of its own.")]
    [InlineData("fields: { a: { type: reference, to: thing } }", "4: The table 'thing' is unknown. Did you mean 'things'?")]
    [InlineData("fields: { a: text }\nsample: [ { id: 6f9619ff-8b86-4d01-b42d-00cf4fc964ff }, { id: 6F9619FF8B864D01B42D00CF4FC964FF } ]", "5: The id 6f9619ff-8b86-4d01-b42d-00cf4fc964ff is here twice.")]
    [InlineData("fields: { a: { type: reference, to: things } }\nsample:\n  - a: 6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "6: 'things' has no sample record with the id 6f9619ff-8b86-4d01-b42d-00cf4fc964ff.")]
    [InlineData("fields: { a: email }\nsample: [ { a: nobody } ]", "5: 'tables.things.sample[0].a' expects a mail address such as name@example.com.")]
    [InlineData("fields: { a: { type: text, required: true } }\nsample: [ { a: null } ]", "5: This record has no value for 'a', which is required.")]
    public void Each_fault_has_its_line_and_says_what_to_do(string body, string fault) => Assert.Equal(fault, Asked.Faults(Asked.Things(body)));

    [Fact]
    public void Names_have_their_length()
    {
        Assert.Equal("", Asked.Faults(Asked.Things($"fields: {{ {new string('a', 63)}: text }}")));
        Assert.Equal($"4: '{new string('a', 20)}…' has 64 characters; a name has at most 63.", Asked.Faults(Asked.Things($"fields: {{ {new string('a', 64)}: text }}")));
    }

    [Fact]
    public void Two_tables_whose_indexes_would_bear_one_name_are_told()
    {
        const string Yaml = """
            blueprint: test
            tables:
              a: { fields: { b_c: { type: text, index: true } } }
              a_b:
                fields:
                  c: { type: text, index: true }
            """;

        Assert.Equal("6: This index and one of the table 'a' would both be called 'ix_a_b_c': rename a field.", Asked.Faults(Yaml));
    }

    [Theory]
    [InlineData("auth")]
    [InlineData("schema")]
    [InlineData("users")]
    [InlineData("rpc")]
    [InlineData("docs")]
    public void A_table_cannot_be_called_like_a_door(string name)
    {
        var fault = Assert.Single(BlueprintReader.Read($"blueprint: test\ntables:\n  {name}: {{ fields: {{ a: text }} }}", "test.yaml").Faults);

        Assert.Equal((FaultCode.InvalidBlueprint, 3, $"tables.{name}"), (fault.Code, fault.Line, fault.Field));
        Assert.Contains($"« {name} » est le nom d'une porte du serveur", fault.Message.French, StringComparison.Ordinal);
    }
}
