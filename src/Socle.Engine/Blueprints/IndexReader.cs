using System.Collections.Immutable;
using Socle.FieldTypes;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>Reads a table's <c>indexes:</c>: lists of fields, each perhaps followed by <c>desc</c>, or maps of fields and unique.</summary>
internal sealed class IndexReader(NodeReader reader)
{
    /// <summary>PostgreSQL's INDEX_MAX_KEYS.</summary>
    private const int MostFields = 32;

    public ImmutableArray<IndexBlueprint> Read(YamlEntry? entry, TableBlueprint table, string path)
    {
        if (entry is null)
            return [];
        var indexes = ImmutableArray.CreateBuilder<IndexBlueprint>();
        var items = reader.ReadList(entry.Value, path);
        for (var i = 0; i < items.Length; i++)
        {
            if (ReadIndex(items[i], table, $"{path}[{i}]") is { } index)
                indexes.Add(index);
        }

        return indexes.ToImmutable();
    }

    private IndexBlueprint? ReadIndex(YamlNode node, TableBlueprint table, string path)
    {
        if (node is YamlList)
            return ReadTerms(node, table, path, isUnique: false);
        if (node is not YamlMap)
        {
            reader.Refuse(node.Line, path, "An index is a list of fields, such as [status, created_at desc].", "Un index est une liste de champs, comme [status, created_at desc].");
            return null;
        }

        var map = reader.ReadMap(node, path, BlueprintKeys.Index)!;
        var isUnique = reader.ReadBoolean(map.Find("unique")?.Value, NodeReader.Join(path, "unique")) ?? false;
        if (map.Find("fields") is { } fields)
            return ReadTerms(fields.Value, table, NodeReader.Join(path, "fields"), isUnique);
        reader.Refuse(node.Line, path, "An index needs 'fields'.", "Un index a besoin de « fields ».");
        return null;
    }

    private IndexBlueprint? ReadTerms(YamlNode node, TableBlueprint table, string path, bool isUnique)
    {
        var terms = new List<IndexTerm>();
        foreach (var item in reader.ReadList(node, path))
        {
            if (reader.ReadWord(item, path) is not { } word || ReadTerm(word, item.Line, table, path) is not { } term)
                continue;
            if (terms.Exists(other => other.Field == term.Field))
                reader.Refuse(item.Line, path, $"'{term.Field}' is here twice.", $"« {term.Field} » figure deux fois.");
            else
                terms.Add(term);
        }

        if (node is YamlList { Items: var items } && items.Length is 0 or > MostFields)
            reader.Refuse(node.Line, path, $"An index has 1 to {MostFields} fields.", $"Un index a de 1 à {MostFields} champs.");
        if (terms.Count > 1 && terms.FirstOrDefault(term => IsInverted(table.FindField(term.Field)!)) is { Field: { } alone })
            reader.Refuse(node.Line, path, $"'{alone}' holds many values in one record: give it an index of its own.", $"« {alone} » contient plusieurs valeurs par enregistrement : donnez-lui son propre index.");
        return terms.Count == 0 ? null : new IndexBlueprint([.. terms], isUnique, node.Line);
    }

    private IndexTerm? ReadTerm(string word, int line, TableBlueprint table, string path)
    {
        var parts = word.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts.Length > 2 || (parts.Length == 2 && parts[1] is not ("asc" or "desc")))
        {
            reader.Refuse(line, path, $"'{word}' is not understood: write a field, or a field and asc or desc.", $"« {word} » n'est pas compris : écrivez un champ, ou un champ puis asc ou desc.");
            return null;
        }

        if (table.FindField(parts[0]) is not null)
            return new IndexTerm(parts[0], parts is [_, "desc"]);
        reader.RefuseUnknown(line, path, new("The field", "Le champ"), parts[0], table.Fields.Select(field => field.Name));
        return null;
    }

    /// <summary>Indexed by what is inside the value (GIN), not by the value as a whole.</summary>
    private static bool IsInverted(FieldBlueprint field) => field.Type is TagsField or JsonField or FilesField && field.Type != FieldReader.UnknownType;
}
