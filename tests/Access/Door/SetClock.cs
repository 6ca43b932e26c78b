namespace Socle.Tests.Access.Door;

/// <summary>A clock that moves when it is told to.</summary>
internal sealed class SetClock : TimeProvider
{
    private long _ticks = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Pass(TimeSpan time) => _ticks += time.Ticks;

    public override long GetTimestamp() => _ticks;
}
