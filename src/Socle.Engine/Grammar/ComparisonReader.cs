using Socle.Kernel;

namespace Socle.Grammar;

/// <summary>
/// Takes <c>[not.]op[(modifier)].value</c> and gives the comparison. Refuses unknown operators
/// (with the nearest one), modifiers that the operator does not take and values of another shape.
/// </summary>
internal static class ComparisonReader
{
    /// <param name="inGroup">Whether a comma or a closing parenthesis ends the condition; otherwise only the end of the text does.</param>
    public static Comparison? Read(ref TextCursor cursor, FieldPath field, bool inGroup)
    {
        var negated = cursor.Take("not.");
        var syntax = ReadOperator(ref cursor, inGroup);
        if (syntax is null || !ReadModifier(ref cursor, syntax, out var quantifier, out var configuration))
            return null;
        if (!cursor.Take('.'))
        {
            cursor.Expected($"a dot and a value ({syntax.Name}.…)", $"un point et une valeur ({syntax.Name}.…)");
            return null;
        }

        var operand = quantifier is { } any
            ? ArrayReader.Read(ref cursor, any)
            : OperandReader.Read(ref cursor, syntax.Operand, configuration, inGroup);
        if (operand is null)
            return null;
        if (inGroup)
            return new Comparison(field, syntax.Operator, operand, negated);
        cursor.SkipBlanks();
        return cursor.Ends() ? new Comparison(field, syntax.Operator, operand, negated) : null;
    }

    private static OperatorSyntax? ReadOperator(ref TextCursor cursor, bool inGroup)
    {
        var length = cursor.Rest.IndexOfAny(inGroup ? ".(,)" : ".(");
        var start = cursor.Position;
        var word = cursor.TakeSpan(length);
        var syntax = Operators.Find(word);
        if (syntax is null)
            NoteUnknown(cursor, start, word, inGroup);
        return syntax;
    }

    private static void NoteUnknown(TextCursor cursor, int start, ReadOnlySpan<char> word, bool inGroup)
    {
        var written = TextCursor.Clip(word, 30);
        var english = word.IsEmpty ? "an operator is missing." : $"\"{written}\" is not an operator.";
        var french = word.IsEmpty ? "il manque un opérateur." : $"« {written} » n'est pas un opérateur.";
        if (inGroup && IsOperatorNext(cursor))
        {
            english += $" A column whose name holds a dot is double-quoted; a condition on an embedded resource goes in a parameter of its own (resource.or=(…)).";
            french += $" Une colonne dont le nom contient un point s'écrit entre guillemets doubles ; une condition sur une ressource imbriquée va dans son propre paramètre (ressource.or=(…)).";
        }
        else if (cursor.AtEnd || cursor.Current is ',' or ')')
        {
            english += $" A condition is written operator.value: eq.{written} compares with \"{written}\".";
            french += $" Une condition s'écrit opérateur.valeur : eq.{written} compare à « {written} ».";
            if (!inGroup && cursor.Key.Length > 2 && Suggestion.Find(TextCursor.Clip(cursor.Key, 30), QueryDraft.ReservedKeys) is { } parameter)
            {
                english += $" Or did you mean the parameter \"{parameter}\"?";
                french += $" Ou vouliez-vous dire le paramètre « {parameter} » ?";
            }
        }
        else
        {
            var near = Suggestion.Find(written, Operators.Names);
            var names = string.Join(", ", Operators.Names);
            english += near is null ? $" The operators are {names}." : $" Did you mean \"{near}\"?";
            french += near is null ? $" Les opérateurs sont {names}." : $" Vouliez-vous dire « {near} » ?";
        }

        cursor.FailAt(start, english, french);
    }

    /// <summary>Whether an operator follows the next dot, as in <c>relation.column.eq.1</c>.</summary>
    private static bool IsOperatorNext(TextCursor cursor)
    {
        if (!cursor.Take('.'))
            return false;
        cursor.Take("not.");
        var length = cursor.Rest.IndexOfAny(".(,)");
        return length > 0 && Operators.Find(cursor.Rest[..length]) is not null;
    }

    private static bool ReadModifier(ref TextCursor cursor, OperatorSyntax syntax, out Quantifier? quantifier, out string? configuration)
    {
        (quantifier, configuration) = (null, null);
        var start = cursor.Position;
        if (!cursor.Take('('))
            return true;
        if (syntax.Operand == OperandKind.Search)
            return ReadConfiguration(ref cursor, out configuration);
        if (!syntax.TakesQuantifier)
            return cursor.FailAt(
                start,
                $"{syntax.Name} takes no modifier: write {syntax.Name}.value.",
                $"{syntax.Name} n'accepte pas de modificateur : écrivez {syntax.Name}.valeur.");
        if (cursor.Take("any)"))
            quantifier = Quantifier.Any;
        else if (cursor.Take("all)"))
            quantifier = Quantifier.All;
        else
            return cursor.Expected("any) or all)", "any) ou all)");
        return true;
    }

    private static bool ReadConfiguration(ref TextCursor cursor, out string? configuration)
    {
        cursor.SkipBlanks();
        configuration = cursor.TakeQuoted();
        if (configuration is null && cursor.Rest.IndexOf(')') is > 0 and var length)
            configuration = cursor.TakeSpan(length).TrimEnd(" \t\n\r").ToString();
        cursor.SkipBlanks();
        if (string.IsNullOrEmpty(configuration))
            return cursor.Expected("a text search configuration, such as french,", "une configuration de recherche, par exemple french,");
        return cursor.Take(')') || cursor.Expected("a closing parenthesis", "une parenthèse fermante");
    }
}
