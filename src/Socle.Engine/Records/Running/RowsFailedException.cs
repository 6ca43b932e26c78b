using Socle.Kernel;

namespace Socle.Records.Running;

/// <summary>A statement that failed while its rows were already on their way: too late for a result.</summary>
public sealed class RowsFailedException(Fault fault, Exception cause) : Exception(fault.Message.English, cause)
{
    public Fault Fault { get; } = fault;
}
