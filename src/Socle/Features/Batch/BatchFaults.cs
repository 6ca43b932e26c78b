using Socle.Kernel;

namespace Socle.Features.Batch;

/// <summary>What a batch is refused for before any of it is done, in words.</summary>
internal static class BatchFaults
{
    public static Fault NoOperations { get; } = new(
        FaultCode.InvalidRequest,
        "The body must be {\"operations\": [ … ]} or an array of operations, each with a method and a path.",
        "Le corps doit être {\"operations\": [ … ]} ou un tableau d'opérations, chacune avec une méthode et un chemin.",
        "operations");

    public static Fault NotAnOperation { get; } = new(
        FaultCode.InvalidRequest,
        "An operation is an object with a method and a path.",
        "Une opération est un objet avec une méthode et un chemin.");

    public static Fault WrongMethod { get; } = new(
        FaultCode.InvalidRequest,
        "The method must be GET, POST, PUT, PATCH or DELETE.",
        "La méthode doit être GET, POST, PUT, PATCH ou DELETE.",
        "method");

    public static Fault WrongPath { get; } = new(
        FaultCode.InvalidRequest,
        "The path must be /api/{table} or /api/{table}/{id}, with or without a query.",
        "Le chemin doit être /api/{table} ou /api/{table}/{id}, avec ou sans requête.",
        "path");

    public static Fault NoBody { get; } = new(
        FaultCode.InvalidRequest,
        "POST, PUT and PATCH need a body.",
        "POST, PUT et PATCH demandent un corps.",
        "body");

    public static Fault NeedlessBody { get; } = new(
        FaultCode.InvalidRequest,
        "GET and DELETE take no body.",
        "GET et DELETE n'ont pas de corps.",
        "body");

    public static Fault WrongNumber(int number) => new(
        FaultCode.InvalidRequest,
        $"A batch has 1 to {BatchReader.MostOperations} operations, this one has {number}. Many records of one table go into one operation: POST an array.",
        $"Un lot contient de 1 à {BatchReader.MostOperations} opérations, celui-ci {number}. Beaucoup d'enregistrements d'une table vont dans une seule opération : POST d'un tableau.",
        "operations");

    public static Fault UnknownMember(string name) => new(
        FaultCode.InvalidRequest,
        $"An operation has no '{name}', only method, path, body and headers.",
        $"Une opération n'a pas de « {name} », seulement method, path, body et headers.",
        name);

    public static Fault WrongHeader(string path) => new(
        FaultCode.InvalidRequest,
        "The headers of an operation are an object of texts: Prefer, and If-Match where one record is written.",
        "Les en-têtes d'une opération sont un objet de textes : Prefer, et If-Match où un enregistrement est écrit.",
        path);
}
