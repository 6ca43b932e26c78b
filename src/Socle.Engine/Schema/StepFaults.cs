using Npgsql;
using Socle.Kernel;

namespace Socle.Schema;

/// <summary>Takes what PostgreSQL refused in a step, gives the fault: which step, why, and what to do. No SQL and no message of the server's passes.</summary>
internal static class StepFaults
{
    public static Fault From(Text words, string? table, PostgresException exception, long? rows)
    {
        if (RuleStepFaults.Find(table, exception) is { } rules)
            return rules;
        var (code, reason) = Explain(exception, rows);
        return new Fault(
            code,
            $"Could not {words.English}: {reason.English} Nothing was changed.",
            $"L'étape « {words.French} » a échoué : {reason.French} Rien n'a été modifié.",
            table)
        {
            RetryAfter = exception.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected ? 2 : null,
        };
    }

    private static (FaultCode Code, Text Reason) Explain(PostgresException exception, long? rows) => exception.SqlState switch
    {
        PostgresErrorCodes.NotNullViolation => (FaultCode.Conflict, new(
            $"{English(rows, "row has", "rows have")} no value there. Fill them in, or give the field a default.",
            $"{French(rows, "ligne n'y a", "lignes n'y ont")} pas de valeur. Remplissez-les, ou donnez une valeur par défaut au champ.")),
        PostgresErrorCodes.UniqueViolation => (FaultCode.Conflict, new(
            $"{English(rows, "value is", "values are")} there more than once. Change or merge those rows.",
            $"{French(rows, "valeur figure", "valeurs figurent")} plusieurs fois. Modifiez ou fusionnez ces lignes.")),
        PostgresErrorCodes.CheckViolation => (FaultCode.Conflict, new(
            $"{English(rows, "row has", "rows have")} another value. Change them, or allow that value.",
            $"{French(rows, "ligne a", "lignes ont")} une autre valeur. Modifiez-les, ou acceptez cette valeur.")),
        PostgresErrorCodes.ForeignKeyViolation => (FaultCode.Conflict, new(
            $"{English(rows, "row refers", "rows refer")} to a record that does not exist. Correct or empty them.",
            $"{French(rows, "ligne se réfère", "lignes se réfèrent")} à un enregistrement qui n'existe pas. Corrigez-les ou videz-les.")),
        PostgresErrorCodes.InsufficientPrivilege => (FaultCode.Forbidden, new(
            "the database role may not do that. Give it the table's ownership, or connect as the owner.",
            "le rôle de la base n'en a pas le droit. Donnez-lui la propriété de la table, ou connectez-vous en propriétaire.")),
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.QueryCanceled => (FaultCode.Conflict, new(
            "the table is busy. Try again when fewer people work in it.",
            "la table est occupée. Réessayez quand moins de monde y travaille.")),
        PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.DuplicateColumn => (FaultCode.Conflict, new(
            "the database already has something of that name. Rename one of the two.",
            "la base a déjà quelque chose de ce nom. Renommez l'un des deux.")),
        PostgresErrorCodes.DependentObjectsStillExist or PostgresErrorCodes.FeatureNotSupported => (FaultCode.Conflict, new(
            "a view, a reference or another object of the database depends on what is there now. Drop it first, and make it again afterwards.",
            "une vue, une référence ou un autre objet de la base dépend de ce qui s'y trouve. Supprimez-le d'abord et recréez-le ensuite.")),
        PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedObject => (FaultCode.Conflict, new(
            "what it speaks of is no longer there: somebody renamed or dropped it since. Give it its name again.",
            "ce dont elle parle n'est plus là : quelqu'un l'a renommé ou supprimé depuis. Rendez-lui son nom.")),
        PostgresErrorCodes.TooManyColumns => (FaultCode.Conflict, new(
            "PostgreSQL has room for 1600 columns in the whole life of a table, and dropped ones count. Put the new fields into a table of their own.",
            "PostgreSQL a la place pour 1600 colonnes dans toute la vie d'une table, colonnes supprimées comprises. Mettez les nouveaux champs dans une table à eux.")),
        PostgresErrorCodes.ProgramLimitExceeded => (FaultCode.Conflict, new(
            "a value is too long for an index. Shorten it, or leave the index out.",
            "une valeur est trop longue pour un index. Raccourcissez-la, ou retirez l'index.")),
        _ => (FaultCode.Conflict, new(
            $"PostgreSQL refused with SQLSTATE {exception.SqlState}.",
            $"PostgreSQL a refusé avec le SQLSTATE {exception.SqlState}.")),
    };

    private static string English(long? rows, string one, string many) => rows switch
    {
        null => $"some {many}",
        1 => $"1 {one}",
        _ => $"{rows} {many}",
    };

    private static string French(long? rows, string one, string many) => rows switch
    {
        null => $"des {many}",
        1 => $"1 {one}",
        _ => $"{rows} {many}",
    };
}
