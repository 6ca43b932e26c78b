namespace Socle.Tests.Acceptance.Running;

/// <summary>Tests that measure time or memory: nothing else runs beside them.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Measured;
