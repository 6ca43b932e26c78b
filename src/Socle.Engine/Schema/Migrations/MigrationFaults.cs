using System.Globalization;
using Socle.Kernel;

namespace Socle.Schema.Migrations;

/// <summary>Why a migration stays as it is.</summary>
internal static class MigrationFaults
{
    public static Fault Purged(Migration migration, Asides.Purged purged)
    {
        var day = purged.At.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new Fault(
            FaultCode.Conflict,
            $"Migration {migration.Id} cannot be taken down: '{purged.Name}' was kept aside for {AsidePurge.Days} days and is gone since {day}. Restore a backup if you need it. Nothing was changed.",
            $"La migration {migration.Id} ne peut pas être défaite : « {purged.Name} » a été gardé {AsidePurge.Days} jours et n'existe plus depuis le {day}. Restaurez une sauvegarde s'il vous le faut. Rien n'a été modifié.");
    }

    public static Fault WouldLose(LoggedStep step, long values) => new(
        FaultCode.Conflict,
        $"Could not take back \"{step.English}\": {values} {(values == 1 ? "value" : "values")} written since would be lost. Change them first, or say --allow-loss (allow_loss in the API). Nothing was changed.",
        $"L'étape « défaire « {step.French} » » est refusée : {values} {(values == 1 ? "valeur écrite" : "valeurs écrites")} depuis {(values == 1 ? "serait perdue" : "seraient perdues")}. Modifiez-les d'abord, ou ajoutez --allow-loss (allow_loss dans l'API). Rien n'a été modifié.",
        step.Table);
}
