using System.Collections.Immutable;
using Socle.Kernel;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Socle.Blueprints;

/// <summary>
/// Takes YAML text, gives its tree. Refuses what a blueprint does not need and what can be used
/// to choke a reader: anchors and aliases, tags, several documents, repeated keys, keys that are
/// not words, deep nesting, large files, characters that PostgreSQL cannot store.
/// </summary>
internal sealed class YamlTree
{
    private const int LargestFile = 1024 * 1024;
    private const int DeepestNesting = 32;

    private readonly Parser _parser;
    private readonly List<Fault> _faults;
    private readonly int _lines;

    private YamlTree(string yaml, List<Fault> faults)
    {
        _parser = new Parser(new StringReader(yaml));
        _faults = faults;
        _lines = yaml.ReplaceLineEndings("\n").TrimEnd('\n').Count(c => c == '\n') + 1;
    }

    /// <summary>The tree, or null when there is none; either way <paramref name="faults"/> has gained what is wrong.</summary>
    public static YamlNode? Read(string yaml, List<Fault> faults)
    {
        var tree = new YamlTree(yaml, faults);
        if (yaml.Length > LargestFile)
        {
            tree.Refuse(1, "The file is larger than 1 MiB: split the blueprint.", "Le fichier dépasse 1 Mio : scindez le blueprint.");
            return null;
        }

        // YamlDotNet would take it for the end of the file.
        if (yaml.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var zero)
        {
            tree.Refuse(yaml.AsSpan(0, zero).Count('\n') + 1, "The file holds the character U+0000: it is no text file.", "Le fichier contient le caractère U+0000 : ce n'est pas un fichier texte.");
            return null;
        }

        try
        {
            return tree.ReadDocument();
        }
        catch (YamlException exception)
        {
            tree.RefuseYaml(yaml, exception.Start);
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or EndOfStreamException)
        {
            // So ends what YamlDotNet does not notice itself, such as a list that is never closed.
            tree.RefuseYaml(yaml, tree._parser.Current?.Start ?? Mark.Empty);
            return null;
        }
    }

    private void RefuseYaml(string yaml, Mark mark)
    {
        var lines = yaml.Split('\n');
        var tab = Array.FindIndex(lines, text => text.TrimStart(' ').StartsWith('\t'));
        if (tab >= 0)
            Refuse(tab + 1, "This line is indented with a tab, which YAML does not allow: use blanks.", "Cette ligne est indentée par une tabulation, ce que YAML n'accepte pas : utilisez des espaces.");
        else
            Refuse(
                LineOf(mark),
                "This is not YAML from here on: look at the indentation, the colons and the quotes.",
                "Ce n'est plus du YAML à partir d'ici : vérifiez l'indentation, les deux-points et les guillemets.");
    }

    private YamlNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            Refuse(1, "The file is empty: begin with 'blueprint: <name>'.", "Le fichier est vide : commencez par « blueprint: <nom> ».");
            return null;
        }

        var root = ReadNode(0);
        if (root is null)
            return null;
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
            Refuse(LineOf(second), "A file holds one blueprint: remove what follows '---'.", "Un fichier contient un seul blueprint : retirez ce qui suit « --- ».");
        return root;
    }

    /// <summary>Null when nesting is too deep: reading stops there, since the parser slows down with every level.</summary>
    private YamlNode? ReadNode(int depth)
    {
        var start = _parser.Current ?? throw new EndOfStreamException();
        if (depth > DeepestNesting)
        {
            Refuse(LineOf(start), $"Nested deeper than {DeepestNesting} levels.", $"Imbriqué sur plus de {DeepestNesting} niveaux.");
            return null;
        }

        if (start is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty) || start is AnchorAlias)
            Refuse(LineOf(start), "Anchors (&), aliases (*) and tags (!) are not used in blueprints: write the value itself.", "Les ancres (&), alias (*) et étiquettes (!) ne servent pas dans un blueprint : écrivez la valeur elle-même.");
        _parser.MoveNext();
        return start switch
        {
            Scalar scalar => ReadScalar(scalar),
            SequenceStart => ReadList(LineOf(start), depth),
            MappingStart => ReadMap(LineOf(start), depth),
            _ => new YamlScalar("", IsPlain: true, LineOf(start)),
        };
    }

    private YamlScalar ReadScalar(Scalar scalar)
    {
        if (!IsStorable(scalar.Value))
            Refuse(LineOf(scalar), "This text holds a character that cannot be stored (U+0000 or half of a surrogate pair).", "Ce texte contient un caractère qui ne peut pas être enregistré (U+0000 ou une moitié de paire de substitution).");
        return new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, LineOf(scalar));
    }

    private YamlList? ReadList(int line, int depth)
    {
        var items = ImmutableArray.CreateBuilder<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } item)
                return null;
            items.Add(item);
        }

        return new YamlList(items.ToImmutable(), line);
    }

    private YamlMap? ReadMap(int line, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<YamlEntry>();
        var seen = new Dictionary<string, int>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(depth + 1) is not { } key || ReadNode(depth + 1) is not { } value)
                return null;
            if (key is not YamlScalar { Text: var name })
                Refuse(key.Line, "A key is a word, not a list or a map.", "Une clé est un mot, pas une liste ni un groupe.");
            else if (!seen.TryAdd(name, key.Line))
                Refuse(key.Line, $"'{name}' is here twice, first on line {seen[name]}: keep one.", $"« {name} » figure deux fois, d'abord ligne {seen[name]} : gardez-en un.");
            else
                entries.Add(new YamlEntry(name, value, key.Line));
        }

        return new YamlMap(entries.ToImmutable(), line);
    }

    private static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
                return false;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    private int LineOf(ParsingEvent parsed) => LineOf(parsed.Start);

    /// <summary>What the end of the file leaves open is told on its last line.</summary>
    private int LineOf(Mark mark) => Math.Clamp((int)mark.Line, 1, _lines);

    private void Refuse(int line, string english, string french) =>
        _faults.Add(new Fault(FaultCode.InvalidBlueprint, new Text(english, french), Line: line));
}
