using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Records.Planning;

/// <summary>What a write is refused for, in words.</summary>
internal static class WriteFaults
{
    public static Fault NotAllowed(TableSnapshot table) => new(
        FaultCode.Forbidden,
        $"Your role does not allow this on '{table.Name}', or not on this record. Ask an administrator.",
        $"Votre rôle ne permet pas cela sur « {table.Name} », ou pas sur cet enregistrement. Adressez-vous à un administrateur.");

    public static Fault FieldNotAllowed(string path) => new(
        FaultCode.Forbidden,
        $"Your role may not write '{path}'. Leave it out.",
        $"Votre rôle ne permet pas d'écrire « {path} ». Ne l'envoyez pas.",
        path);

    public static Fault NotWritable(TableSnapshot table) => table.Kind == TableKind.Table
        ? new(
            FaultCode.Forbidden,
            $"The server's database user may not do this on '{table.Name}'. Whoever runs the database can allow it with GRANT.",
            $"L'utilisateur de base de données du serveur ne peut pas faire cela sur « {table.Name} ». La personne qui gère la base peut l'autoriser par GRANT.")
        : new(
            FaultCode.MethodNotAllowed,
            $"'{table.Name}' is a view that cannot be written so. Write the tables behind it.",
            $"« {table.Name} » est une vue qui ne s'écrit pas ainsi. Écrivez les tables qu'elle montre.");

    public static Fault NoFilter(TableSnapshot table) => new(
        FaultCode.InvalidRequest,
        $"Say which records of '{table.Name}' you mean: add the id to the address, or a filter such as ?status=eq.active.",
        $"Dites quels enregistrements de « {table.Name} » sont visés : ajoutez l'id à l'adresse, ou un filtre comme ?status=eq.active.");

    public static Fault NoVersions(TableSnapshot table) => new(
        FaultCode.InvalidRequest,
        $"If-Match cannot be held against '{table.Name}': only the records of tables have a version. Write the tables behind it.",
        $"If-Match ne peut pas être vérifié sur « {table.Name} » : seuls les enregistrements des tables ont une version. Écrivez les tables qu'elle montre.",
        "If-Match");

    public static Fault Stale(TableSnapshot table) => new(
        FaultCode.StaleRecord,
        $"Somebody changed this record of '{table.Name}' meanwhile, so nothing was written. Read it again, then repeat your change on what is there now.",
        $"Quelqu'un a modifié cet enregistrement de « {table.Name} » entre-temps : rien n'a été écrit. Relisez-le, puis refaites votre modification sur ce qui s'y trouve maintenant.",
        "If-Match");

    public static Fault NothingToWrite(TableSnapshot table) => new(
        FaultCode.InvalidRequest,
        $"'{table.Name}' has no column that can be written.",
        $"« {table.Name} » n'a pas de colonne qui s'écrit.");

    public static Fault UnequalRecords(string field) => new(
        FaultCode.InvalidRequest,
        $"With resolution=merge-duplicates every record must have the same fields, but '{field}' is missing in some. Send those records in a request of their own.",
        $"Avec resolution=merge-duplicates, tous les enregistrements doivent avoir les mêmes champs, mais « {field} » manque dans certains. Envoyez ceux-là dans une requête à part.",
        field);

    public static Fault NotUnique(TableSnapshot table, ImmutableArray<string> fields) => new(
        FaultCode.InvalidRequest,
        $"on_conflict={string.Join(',', fields)}: '{table.Name}' has no unique constraint on exactly these fields.",
        $"on_conflict={string.Join(',', fields)} : « {table.Name} » n'a pas de contrainte d'unicité sur ces champs exactement.",
        "on_conflict");

    public static Fault WrongBody(bool isCreate) => isCreate
        ? new(FaultCode.InvalidJson, "The body must be a JSON object, or an array of objects.", "Le corps doit être un objet JSON, ou un tableau d'objets.")
        : new(FaultCode.InvalidJson, "The body must be a JSON object.", "Le corps doit être un objet JSON.");

    public static Fault NotAnObject(int index) => new(
        FaultCode.InvalidJson,
        $"Member {index} of the array is not a JSON object.",
        $"L'élément {index} du tableau n'est pas un objet JSON.",
        $"[{index}]");

    public static Fault InvalidText() => new(
        FaultCode.InvalidJson,
        "The body holds half of a surrogate pair (such as \\ud800 alone), which is no Unicode text.",
        "Le corps contient une moitié de paire de substitution (comme \\ud800 seul), qui n'est pas un texte Unicode.");

    public static Fault Twice(string path) => new(
        FaultCode.InvalidJson,
        $"'{path}' is there twice, perhaps in camelCase and in snake_case. Send it once.",
        $"« {path} » figure deux fois, peut-être en camelCase et en snake_case. Envoyez-le une fois.",
        path);

    public static Fault Kept(string path) => new(
        FaultCode.RuleViolation,
        $"'{path}' is filled in by the server. Leave it out.",
        $"« {path} » est rempli par le serveur. Ne l'envoyez pas.",
        path);

    public static Fault Changed(string path) => new(
        FaultCode.RuleViolation,
        $"'{path}' is kept by the server and differs from the stored value. Leave it out, or read the record again: somebody may have changed it.",
        $"« {path} » est tenu par le serveur et diffère de la valeur enregistrée. Ne l'envoyez pas, ou relisez l'enregistrement : quelqu'un l'a peut-être modifié.",
        path);

    /// <summary>What PostgreSQL said of one field's values alone.</summary>
    public static Fault Refused(FieldSnapshot field, Fault? fault)
    {
        var expected = field.Type.Expects(field.Shape);
        return fault is { Code: not FaultCode.InvalidValue } ? fault with { Field = field.ApiName } : new(
            FaultCode.InvalidValue,
            $"'{field.ApiName}' expects {expected.English}.",
            $"« {field.ApiName} » attend {expected.French}.",
            field.ApiName);
    }

    public static Fault Required(string path) => new(
        FaultCode.Required,
        $"'{path}' is required.",
        $"« {path} » est obligatoire.",
        path);
}
