using Socle.Kernel;

namespace Socle.Schema.Migrations;

/// <summary>Why a change that somebody asked for while the server runs is not made.</summary>
internal static class ChangeFaults
{
    public static Fault Adopted() => new(
        FaultCode.Conflict,
        "An adopted database stays as its owner made it: change its tables there. Name the database in DATABASE_URL to let Socle look after it.",
        "Une base adoptée reste telle que son propriétaire l'a faite : modifiez-y ses tables. Nommez la base dans DATABASE_URL pour que Socle s'en occupe.");

    public static Fault WouldLose(SchemaStep step)
    {
        var (english, french) = step.Losses switch
        {
            null => ("values", "des valeurs seraient perdues"),
            1 => ("1 value", "1 valeur serait perdue"),
            var losses => ($"{losses} values", $"{losses} valeurs seraient perdues"),
        };
        return new Fault(
            FaultCode.Conflict,
            $"Will not {step.Words.English}: {english} would be lost. Correct them, or add ?allow_loss=true: taking the migration down brings them back. Nothing was changed.",
            $"L'étape « {step.Words.French} » est refusée : {french}. Corrigez-les, ou ajoutez ?allow_loss=true : défaire la migration les ramène. Rien n'a été modifié.");
    }
}
