using Npgsql;
using Socle.Catalog;
using Socle.FieldTypes;
using Socle.Kernel;
using Socle.Postgres;
using Socle.Records.Planning;

namespace Socle.Records.Running;

/// <summary>
/// What PostgreSQL refused, in the caller's terms: SQLSTATE and constraint become a code, a sentence and a field.
/// PostgreSQL's own words never leave the server.
/// </summary>
internal static class DatabaseFaults
{
    /// <summary>The fault of a failed statement, or null when it is no expected failure but a bug.</summary>
    public static Fault? Find(Exception exception, TableSnapshot table, WriteKind? kind) => exception switch
    {
        PostgresException postgres => Find(postgres, table, kind),
        NpgsqlException or TimeoutException or System.Net.Sockets.SocketException or IOException or ObjectDisposedException => Absence.Fault,
        _ => null,
    };

    /// <summary>The same of a question that no table is to blame for: the database is away, or was changed meanwhile.</summary>
    public static Fault? Find(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InsufficientPrivilege } =>
            new(FaultCode.Conflict, "The tables have just been changed. Try again.", "Les tables viennent d'être modifiées. Réessayez."),
        PostgresException when Absence.Is(exception) => Absence.Fault,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => new(FaultCode.QueryTimeout, "The request took too long and was stopped.", "La requête était trop longue et a été arrêtée."),
        PostgresException => null,
        _ => Absence.Fault,
    };

    private static Fault? Find(PostgresException exception, TableSnapshot table, WriteKind? kind) => exception.SqlState switch
    {
        PostgresErrorCodes.UniqueViolation => Unique(exception, table),
        PostgresErrorCodes.ExclusionViolation => Exclusion(exception, table),
        PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.RestrictViolation => Reference(exception, table, kind),
        PostgresErrorCodes.NotNullViolation when exception.ColumnName is { } column && !table.Rights.AllowsField(PolicyAction.Read, column) => Rule(table),
        PostgresErrorCodes.NotNullViolation => WriteFaults.Required(FieldOf(exception, table)?.ApiName ?? exception.ColumnName ?? exception.DataTypeName ?? "?"),
        PostgresErrorCodes.CheckViolation when RuleRefusals.IsOne(exception) => RuleRefusals.Join(RuleRefusals.Find(exception, table)),
        PostgresErrorCodes.CheckViolation => Check(exception, table),
        PostgresErrorCodes.QueryCanceled => new(FaultCode.QueryTimeout, "The request took too long and was stopped. Narrow it with a filter or a smaller limit.", "La requête était trop longue et a été arrêtée. Restreignez-la par un filtre ou une limite plus petite."),
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.TriggeredDataChangeViolation =>
            new(FaultCode.Conflict, "Somebody else is changing the same records. Try again.", "Quelqu'un d'autre modifie les mêmes enregistrements. Réessayez."),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn =>
            new(FaultCode.Conflict, $"'{table.Name}' has just been changed. Try again.", $"« {table.Name} » vient d'être modifiée. Réessayez."),
        PostgresErrorCodes.InsufficientPrivilege => WriteFaults.NotAllowed(table),
        PostgresErrorCodes.ReadOnlySqlTransaction => new(FaultCode.Forbidden, $"The database does not allow this on '{table.Name}'.", $"La base de données ne permet pas cela sur « {table.Name} »."),
        PostgresErrorCodes.CardinalityViolation when kind == WriteKind.Insert => new(FaultCode.InvalidRequest, "Two of the sent records have the same key.", "Deux des enregistrements envoyés ont la même clé."),
        "SF404" or "SF413" or "SF415" => FileRefusals.Find(exception, table),
        _ when Absence.Is(exception) => Absence.Fault,
        PostgresErrorCodes.StatementTooComplex or PostgresErrorCodes.TooManyColumns or PostgresErrorCodes.TooManyArguments =>
            new(FaultCode.InvalidFilter, "The request asks for too much at once: fewer columns, relations or conditions, please.", "La requête demande trop à la fois : moins de colonnes, de relations ou de conditions, s'il vous plaît."),
        PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.ObjectInUse => Absence.Fault,
        PostgresErrorCodes.DiskFull => new(FaultCode.DatabaseUnavailable, "The database's disk is full. Whoever runs the server must free some space; nothing was changed.", "Le disque de la base de données est plein. La personne qui gère le serveur doit libérer de la place ; rien n'a été modifié."),
        _ => ByClass(exception.SqlState, table),
    };

    private static Fault? ByClass(string sqlState, TableSnapshot table) => sqlState[..2] switch
    {
        // 28 and 3D are answers to a connection: the account or the database is gone.
        "08" or "28" or "3D" or "53" => Absence.Fault,
        "22" => InvalidValue(sqlState),
        "54" => new(FaultCode.InvalidValue, "A value is too large for its field or its index.", "Une valeur est trop grande pour son champ ou son index."),
        "44" or "P0" => Rule(table),
        // A syntax error is one in a search, which its condition alone shows, or a bug.
        "42" or "0A" or "2B" or "3F" when sqlState != PostgresErrorCodes.SyntaxError => new(FaultCode.InvalidFilter, "PostgreSQL cannot do this with these types: an operator, function or cast does not fit. Check the filters, casts and aggregates.", "PostgreSQL ne peut pas faire cela avec ces types : un opérateur, une fonction ou une conversion ne convient pas. Vérifiez les filtres, conversions et agrégats."),
        _ => IsOwn(sqlState) ? Rule(table) : null,
    };

    public static Fault Rule(TableSnapshot table) => new(
        FaultCode.RuleViolation,
        $"A rule of the database refuses this on '{table.Name}'.",
        $"Une règle de la base de données refuse cela sur « {table.Name} ».");

    /// <summary>Classes that neither the SQL standard nor PostgreSQL uses are those of the database's own functions (SQL:2016, 24.1).</summary>
    private static bool IsOwn(string sqlState) =>
        sqlState[0] is (>= '5' and <= '9') or (>= 'I' and <= 'Z') && sqlState[..2] is not ("53" or "54" or "55" or "57" or "58" or "72" or "P0" or "XX");

    private static Fault InvalidValue(string sqlState) => sqlState switch
    {
        "2201B" => new(FaultCode.InvalidFilter, "A regular expression of match or imatch is not valid.", "Une expression régulière de match ou imatch n'est pas valide."),
        "22025" or "22019" => new(FaultCode.InvalidFilter, "A pattern of like or ilike ends with a lone backslash.", "Un motif de like ou ilike se termine par une barre oblique inverse isolée."),
        "22012" => new(FaultCode.InvalidValue, "Division by zero.", "Division par zéro."),
        _ => new(FaultCode.InvalidValue, "A value does not fit the type or the size of its field.", "Une valeur ne convient pas au type ou à la taille de son champ."),
    };

    private static Fault Unique(PostgresException exception, TableSnapshot table)
    {
        var fields = table.Uniques.FirstOrDefault(unique => unique.Name == exception.ConstraintName)?.Fields ?? [];
        var names = string.Join(", ", fields.Select(field => field.ApiName));
        var field = fields.IsEmpty ? null : fields[^1].ApiName;
        return new(
            FaultCode.UniqueViolation,
            names.Length == 0 ? $"A record of '{table.Name}' with the same key exists already." : $"A record of '{table.Name}' with this value of {names} exists already.",
            names.Length == 0 ? $"Un enregistrement de « {table.Name} » avec la même clé existe déjà." : $"Un enregistrement de « {table.Name} » avec cette valeur de {names} existe déjà.",
            field);
    }

    /// <summary>The column that PostgreSQL names, the first one of the constraint that it names, or the one whose domain it names.</summary>
    private static FieldSnapshot? FieldOf(PostgresException exception, TableSnapshot table) =>
        table.FindField(exception.ColumnName ?? "")
        ?? table.FindField(table.Checks.FirstOrDefault(check => check.Name == exception.ConstraintName)?.Columns.FirstOrDefault() ?? "")
        ?? table.Fields.FirstOrDefault(field => field.ColumnType.BaseName is not null && exception.DataTypeName is { } domain && field.ColumnType.SqlName.Trim('"') == domain);

    private static Fault Exclusion(PostgresException exception, TableSnapshot table) => new(
        FaultCode.UniqueViolation,
        $"The record collides with another one of '{table.Name}' (rule '{exception.ConstraintName}').",
        $"L'enregistrement entre en collision avec un autre de « {table.Name} » (règle « {exception.ConstraintName} »).",
        FieldOf(exception, table)?.ApiName);

    private static Fault Check(PostgresException exception, TableSnapshot table)
    {
        var field = FieldOf(exception, table);
        // The trigger of such a field lists what it takes.
        if (field is { Settings: { ChoicesFrom: not null } or { Target: not null, Where: not null } } && exception.ColumnName == field.Name)
            return Limited(field, exception.Hint ?? "");
        if (field is { Settings.Choices: not null })
        {
            var expected = field.Type.Expects(field.Shape);
            return new(FaultCode.CheckViolation, $"'{field.ApiName}' expects {expected.English}.", $"« {field.ApiName} » attend {expected.French}.", field.ApiName);
        }

        if (exception.ConstraintName is null && table.IsPartitioned)
            return new(FaultCode.CheckViolation, $"No partition of '{table.Name}' takes this record.", $"Aucune partition de « {table.Name} » ne prend cet enregistrement.");
        // Its name may tell of a field that the role may not read.
        if (!table.Rights.AllowsEveryField(PolicyAction.Read) && !table.Checks.Any(check => check.Name == exception.ConstraintName))
            return Rule(table);
        var name = exception.ConstraintName ?? "?";
        return new(
            FaultCode.CheckViolation,
            $"The record breaks the rule '{name}' of '{table.Name}'.",
            $"L'enregistrement enfreint la règle « {name} » de « {table.Name} ».",
            field?.ApiName);
    }

    private static Fault Limited(FieldSnapshot field, string values)
    {
        if (field.Settings is { Where: { } where, Target: { } target })
        {
            return new(
                FaultCode.CheckViolation,
                $"'{field.ApiName}' expects a record of '{target}' where {where}.",
                $"« {field.ApiName} » attend un enregistrement de « {target} » où {where}.",
                field.ApiName);
        }

        var expected = field.Type.Expects(field.Shape);
        return new(
            FaultCode.CheckViolation,
            values.Length == 0 ? $"'{field.ApiName}' expects {expected.English}, and there is none." : $"'{field.ApiName}' expects one of: {values}.",
            values.Length == 0 ? $"« {field.ApiName} » attend {expected.French}, et il n'y en a aucune." : $"« {field.ApiName} » attend l'une des valeurs : {values}.",
            field.ApiName);
    }

    private static Fault Reference(PostgresException exception, TableSnapshot table, WriteKind? kind)
    {
        var key = table.ForeignKeys.FirstOrDefault(candidate => candidate.Name == exception.ConstraintName || candidate.PartitionNames.Contains(exception.ConstraintName ?? ""));
        if (kind == WriteKind.Delete || key is null)
        {
            var other = exception.TableName ?? "?";
            return new(
                FaultCode.StillReferenced,
                $"Records of '{other}' still refer to this one. Delete or change them first.",
                $"Des enregistrements de « {other} » y renvoient encore. Supprimez-les ou modifiez-les d'abord.");
        }

        var field = table.FindField(key.Columns[0])?.ApiName ?? key.Columns[0];
        return key.TargetTable == FileField.Files ? FileRefusals.Unknown(field) : new(
            FaultCode.UnknownReference,
            $"'{field}' refers to a record of '{key.TargetTable}' that does not exist.",
            $"« {field} » renvoie à un enregistrement de « {key.TargetTable} » qui n'existe pas.",
            field);
    }
}
