using Npgsql;
using Socle.Catalog;
using Socle.Kernel;
using Socle.Records.Planning;
using Socle.Records.Running;

namespace Socle.History;

/// <summary>What the history refuses, in words.</summary>
internal static class HistoryFaults
{
    public static Fault NoHistory(string table) => new(
        FaultCode.NotFound,
        $"'{table}' keeps no history: it has no primary key, or its blueprint says history: false.",
        $"« {table} » ne garde pas d'historique : elle n'a pas de clé primaire, ou son blueprint dit history: false.");

    public static Fault NoSystemSchema { get; } = new(
        FaultCode.NotFound,
        "This database keeps no history: it is served as it is, without Socle's own tables.",
        "Cette base de données ne garde pas d'historique : elle est servie telle quelle, sans les tables de Socle.");

    public static Fault NoRecord(string table) => new(
        FaultCode.NotFound,
        $"'{table}' has no record with this id, and never had one that is remembered.",
        $"« {table} » n'a pas d'enregistrement avec cet id, et l'historique n'en connaît pas.");

    public static Fault NoVersion(string version) => new(
        FaultCode.NotFound,
        $"This record has no version {version}. GET …/history lists those that it has.",
        $"Cet enregistrement n'a pas de version {version}. GET …/history donne celles qu'il a.");

    public static Fault NoChange(Guid id) => new(
        FaultCode.NotFound,
        $"There is no change set {id}. GET /api/changes lists those that are remembered.",
        $"Il n'y a pas de lot de modifications {id}. GET /api/changes donne ceux qui sont gardés.");

    public static Fault NotInTrash(long entry) => new(
        FaultCode.NotFound,
        $"The trash has no entry {entry}: it was restored or purged, or never was there. GET /api/trash lists them.",
        $"La corbeille n'a pas d'entrée {entry} : elle a été restaurée ou purgée, ou n'a jamais existé. GET /api/trash les donne.");

    public static Fault WrongId(string table, IEnumerable<string> key) => new(
        FaultCode.InvalidValue,
        $"This is no id of '{table}', whose records are named by: {string.Join(", ", key)}.",
        $"Ce n'est pas un id de « {table} », dont les enregistrements se désignent par : {string.Join(", ", key)}.");

    public static Fault TakenBack(Guid id) => new(
        FaultCode.Conflict,
        $"Change set {id} has been taken back already. To have it again, undo the change set that took it back (undoneBy).",
        $"Le lot de modifications {id} a déjà été annulé. Pour le retrouver, annulez le lot qui l'a annulé (undoneBy).");

    public static Fault NothingKept(Guid id) => new(
        FaultCode.Conflict,
        $"Nothing of change set {id} is remembered any more, so it cannot be taken back.",
        $"Il ne reste rien du lot de modifications {id} : il ne peut plus être annulé.");

    public static Fault ChangedSince { get; } = new(
        FaultCode.Conflict,
        "The record was changed since.",
        "L'enregistrement a été modifié depuis.");

    public static Fault GoneSince { get; } = new(
        FaultCode.Conflict,
        "The record is not there any more.",
        "L'enregistrement n'est plus là.");

    public static Fault TableGone { get; } = new(
        FaultCode.Conflict,
        "Its table is not there any more, or keeps no history now.",
        "Sa table n'est plus là, ou ne garde plus d'historique.");

    /// <param name="other">The table of those records; null where the caller knows nothing of it.</param>
    public static Fault ReferredTo(string? other) => new(
        FaultCode.StillReferenced,
        other is null ? "Records of another table refer to it and would go or change with it." : $"Records of '{other}' refer to it and would go or change with it.",
        other is null ? "Des enregistrements d'une autre table y renvoient et partiraient ou changeraient avec lui." : $"Des enregistrements de « {other} » y renvoient et partiraient ou changeraient avec lui.");

    public static Fault NotAllowed(string table) => new(
        FaultCode.Forbidden,
        $"Your role does not allow this on '{table}'. Ask an administrator.",
        $"Votre rôle ne permet pas cela sur « {table} ». Adressez-vous à un administrateur.");

    public static Fault MayNotForget { get; } = new(
        FaultCode.Forbidden,
        "Your role may not forget these records for good: that is for roles that may take back changes and delete every record of the table. Ask an administrator.",
        "Votre rôle ne permet pas d'oublier ces enregistrements pour de bon : il faut pouvoir annuler des modifications et supprimer tous les enregistrements de la table. Adressez-vous à un administrateur.");

    public static Fault MayNotUndo { get; } = new(
        FaultCode.Forbidden,
        "This change set touches records that your role may not read or write as a whole, so nothing was taken back. Ask an administrator.",
        "Ce lot de modifications touche des enregistrements que votre rôle ne permet pas de lire ou d'écrire en entier : rien n'a été annulé. Adressez-vous à un administrateur.");

    public static Fault Refused { get; } = new(
        FaultCode.Conflict,
        "The table has changed so much since that the record does not fit any more.",
        "La table a tant changé depuis que l'enregistrement n'y convient plus.");

    /// <summary>What PostgreSQL refused, or null when it is no expected failure.</summary>
    public static Fault? Find(Exception exception, TableSnapshot? table, WriteKind? kind) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedFunction, MessageText: var text } when text.Contains("socle_system", StringComparison.Ordinal) => NoSystemSchema,
        PostgresException postgres when table is null => IsRefusal(postgres) ? Refused : null,
        PostgresException postgres when IsRefusal(postgres) => DatabaseFaults.Find(postgres, table, kind) is { } fault && fault.Code is not (FaultCode.InvalidFilter or FaultCode.Internal) ? fault : Refused,
        _ when table is not null => DatabaseFaults.Find(exception, table, kind),
        NpgsqlException or TimeoutException or IOException => DatabaseFaults.Find(new TimeoutException(), null!, kind),
        _ => null,
    };

    /// <summary>The fault of one record, not of the moment: values, constraints, rules, types.</summary>
    public static bool IsRefusal(PostgresException exception) =>
        exception.SqlState is not (PostgresErrorCodes.TriggeredDataChangeViolation or PostgresErrorCodes.SyntaxError)
        && (exception.SqlState[..2] is "22" or "23" or "42" or "44" or "54" or "P0" or "0A" || char.IsAsciiLetterUpper(exception.SqlState[0]) && exception.SqlState[0] is not ('X' or 'F' or 'H'));
}
