using System.Collections.Immutable;

namespace Socle.Kernel;

/// <summary>Either a value or at least one fault. Expected failures travel in it; exceptions are bugs or a broken world.</summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, ImmutableArray<Fault> faults)
    {
        _value = value;
        Faults = faults;
    }

    /// <summary>Empty when the result is a value.</summary>
    public ImmutableArray<Fault> Faults { get; }

    public bool IsFault => !Faults.IsDefaultOrEmpty;

    /// <summary>The value; asking a faulty result for it is a bug.</summary>
    public T Value => IsFault ? throw new InvalidOperationException($"A faulty result has no value: {Faults[0].Message.English}") : _value!;

    public static implicit operator Result<T>(T value) => new(value, []);

    public static implicit operator Result<T>(Fault fault) => new(default, [fault]);

    public static implicit operator Result<T>(ImmutableArray<Fault> faults) => new(default, faults);

    public static implicit operator Result<T>(List<Fault> faults) => new(default, [.. faults]);
}
