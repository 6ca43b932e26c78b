namespace Socle.Kernel;

/// <summary>The names of the camelCase doors.</summary>
public static class ApiNames
{
    /// <summary><c>company_name</c> → <c>companyName</c>. Leading underscores, names without any, and names with capitals or spaces stay.</summary>
    public static string ToCamelCase(string name)
    {
        if (name.AsSpan().ContainsAnyInRange('A', 'Z') || name.Any(c => char.IsUpper(c) || char.IsWhiteSpace(c)))
            return name;
        var start = 0;
        while (start < name.Length && name[start] == '_')
            start++;
        if (name.IndexOf('_', start) < 0)
            return name;
        var camel = new System.Text.StringBuilder(name.Length).Append(name, 0, start);
        for (var i = start; i < name.Length; i++)
        {
            if (name[i] == '_' && i + 1 < name.Length && name[i + 1] != '_')
                camel.Append(char.ToUpperInvariant(name[++i]));
            else
                camel.Append(name[i]);
        }

        return camel.ToString();
    }
}
