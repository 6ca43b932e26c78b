using Socle.Kernel;

namespace Socle.Schema;

/// <summary>What a step costs, in words: the rows it touches, the values it would lose, the lock it takes.</summary>
internal static class StepWords
{
    public static Text Cost(SchemaStep step)
    {
        var (rows, losses, held) = (Number(step.Rows), Losses(step), Lock(step));
        return new(
            $"rows it touches: {rows.English}; values it would lose: {losses.English}; lock: {held.English}",
            $"lignes touchées : {rows.French} ; valeurs perdues : {losses.French} ; verrou : {held.French}");
    }

    private static Text Number(long? count) => count is { } known ? new($"{known}", $"{known}") : new("unknown", "inconnu");

    private static Text Losses(SchemaStep step)
    {
        var number = Number(step.Losses);
        return step.Verdict switch
        {
            Verdict.MovesAside when step.Losses is not 0 => new($"{number.English} (kept aside for 30 days)", $"{number.French} (gardées de côté pendant 30 jours)"),
            Verdict.LosesValues => new($"{number.English} (needs --allow-loss)", $"{number.French} (demande --allow-loss)"),
            _ => number,
        };
    }

    private static Text Lock(SchemaStep step)
    {
        var tables = step.Locked.ToList();
        if (tables.Count == 0)
            return new("none", "aucun");
        var (english, french) = (string.Join(" and ", tables), string.Join(" et ", tables));
        return step.Lock switch
        {
            TableLock.Share => new($"SHARE on {english} (nobody writes meanwhile)", $"SHARE sur {french} (personne n'écrit pendant ce temps)"),
            TableLock.ShareRowExclusive => new($"SHARE ROW EXCLUSIVE on {english} (nobody writes meanwhile)", $"SHARE ROW EXCLUSIVE sur {french} (personne n'écrit pendant ce temps)"),
            _ => new($"ACCESS EXCLUSIVE on {english} (nobody reads or writes meanwhile)", $"ACCESS EXCLUSIVE sur {french} (personne ne lit ni n'écrit pendant ce temps)"),
        };
    }
}
