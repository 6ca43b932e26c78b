using Socle.Http;
using Socle.Imports;
using Socle.Imports.Values;
using Socle.Kernel;

namespace Socle.Features.Import;

/// <summary>Reads an import's wishes from the address. Refuses parameters that it does not know: a mistyped dry_run must not write.</summary>
internal static class ImportRequestReader
{
    private static readonly string[] Known = ["dry_run", "all_or_nothing", "key", "map", "separator", "encoding", "sheet", "dates"];

    public static Result<ImportRequest> Read(HttpRequest request, TimeZoneInfo zone)
    {
        var query = request.Query;
        var faults = new List<Fault>();
        foreach (var name in query.Keys.Where(name => !Known.Contains(name)))
            faults.Add(Unknown(name));
        var map = ImportWords.ReadMap(query["map"].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)));
        if (map.IsFault)
            faults.AddRange(map.Faults);
        var wanted = new ImportRequest(
            ImportFormat.Csv,
            Languages.Of(request),
            zone,
            [.. query["key"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            map.IsFault ? new Dictionary<string, string>() : map.Value,
            Choose<string>(query, "encoding", SourceFile.EncodingNames.ToDictionary(name => name), faults),
            Choose<char?>(query, "separator", new() { ["semicolon"] = ';', ["comma"] = ',', ["tab"] = '\t', ["bar"] = '|', [";"] = ';', [","] = ',', ["\t"] = '\t', ["|"] = '|' }, faults),
            query.TryGetValue("sheet", out var sheet) ? sheet.ToString() : null,
            Choose<DateOrder?>(query, "dates", new() { ["dmy"] = DateOrder.DayFirst, ["mdy"] = DateOrder.MonthFirst }, faults),
            IsSet(query, "dry_run", faults),
            IsSet(query, "all_or_nothing", faults));
        return faults.Count > 0 ? faults : wanted;
    }

    private static bool IsSet(IQueryCollection query, string name, List<Fault> faults) =>
        Choose<bool?>(query, name, new() { ["true"] = true, ["1"] = true, ["false"] = false, ["0"] = false }, faults) ?? false;

    private static T? Choose<T>(IQueryCollection query, string name, Dictionary<string, T> choices, List<Fault> faults)
    {
        if (!query.TryGetValue(name, out var sent))
            return default;
        if (choices.TryGetValue(sent.ToString(), out var chosen))
            return chosen;
        var names = string.Join(", ", choices.Keys.Where(key => key.Length > 1));
        faults.Add(new Fault(
            FaultCode.InvalidRequest,
            $"{name} is '{sent}', but must be one of: {names}.",
            $"{name} vaut « {sent} », mais doit être l'une des valeurs : {names}.",
            name));
        return default;
    }

    private static Fault Unknown(string name)
    {
        var near = Suggestion.Find(name, Known);
        var (english, french) = near is null ? ("", "") : ($" Did you mean '{near}'?", $" Vouliez-vous dire « {near} » ?");
        return new(
            FaultCode.InvalidRequest,
            $"An import has no parameter '{name}'.{english} It has: {string.Join(", ", Known)}.",
            $"Un import n'a pas de paramètre « {name} ».{french} Il a : {string.Join(", ", Known)}.",
            name);
    }
}
