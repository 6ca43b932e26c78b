using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Records.Planning;

namespace Socle.Imports;

/// <summary>
/// Whether a role may import into a table. An import writes as the server, past all policies, so whoever may read or write only some of
/// the records may not; nor may it write fields that the role may not write.
/// </summary>
public static class ImportRights
{
    /// <summary>What can be told before the file is there; null for whoever may go on.</summary>
    public static Fault? Refuse(TableSnapshot table)
    {
        if (!table.Rights.Allows(PolicyAction.Create))
            return WriteFaults.NotAllowed(table);
        return new[] { PolicyAction.Read, PolicyAction.Create, PolicyAction.Update }.Any(action => table.Rights.ConditionOf(action) is not null) ? Bound(table) : null;
    }

    /// <summary>What the file's columns tell.</summary>
    internal static Fault? Refuse(TableSnapshot table, ImportPlan plan)
    {
        if (Refuse(table) is { } refusal)
            return refusal;
        foreach (var (column, _) in plan.Written)
        {
            var isKept = plan.Key is null || plan.IsKey(column.Field) || column.Field.IsReadOnly || table.Rights.AllowsField(PolicyAction.Update, column.Field.Name);
            // As the server it could attach files that the caller may not read.
            var isBeyond = column.Field.Type is FileField or FilesField && table.Rights != TableRights.All;
            if (!table.Rights.AllowsField(PolicyAction.Create, column.Field.Name) || !isKept || isBeyond)
                return FieldNotAllowed(column.Field.ApiName);
        }

        return plan.Key is null || table.Rights.Allows(PolicyAction.Update) ? null : WouldUpdate(table, plan.Key.Fields.Select(field => field.ApiName));
    }

    private static Fault Bound(TableSnapshot table) => new(
        FaultCode.Forbidden,
        $"Your role may read or write only some records of '{table.Name}', and an import is not held against that record by record. Ask an administrator to import the file, or send the records to POST /api/{table.Name}.",
        $"Votre rôle ne permet de lire ou d'écrire que certains enregistrements de « {table.Name} », et un import ne le vérifie pas enregistrement par enregistrement. Demandez à un administrateur d'importer le fichier, ou envoyez les enregistrements à POST /api/{table.Name}.");

    private static Fault FieldNotAllowed(string field) => new(
        FaultCode.Forbidden,
        $"Your role may not write '{field}'. Take the column out of the file, or leave it out with map=…:-.",
        $"Votre rôle ne permet pas d'écrire « {field} ». Retirez la colonne du fichier, ou laissez-la de côté avec map=…:-.",
        field);

    private static Fault WouldUpdate(TableSnapshot table, IEnumerable<string> key) => new(
        FaultCode.Forbidden,
        $"The file names records of '{table.Name}' by {string.Join(", ", key)}, and those that exist would be changed, which your role does not allow. Take that column out of the file.",
        $"Le fichier désigne des enregistrements de « {table.Name} » par {string.Join(", ", key)}, et ceux qui existent seraient modifiés, ce que votre rôle ne permet pas. Retirez cette colonne du fichier.");
}
