namespace Socle.Tests.Acceptance.Running;

/// <summary>A server with the blueprint washgo on its private PostgreSQL, shared by the tests of a class.</summary>
public class WashgoServer : IAsyncLifetime
{
    private DataFolder? _data;
    private RunningSocle? _server;

    public DataFolder Data => _data!;

    public RunningSocle Server => _server!;

    protected virtual (string Name, string Value)[] Settings => [];

    public virtual async ValueTask InitializeAsync()
    {
        _data = await DataFolder.WithWashgo();
        _server = await RunningSocle.Start(_data, [("BLUEPRINT", "washgo"), .. Settings]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _data?.Dispose();
        GC.SuppressFinalize(this);
    }
}
