using Socle.Testing;

namespace Socle.Tests.Acceptance.Running;

/// <summary>A server with the blueprint washgo on its private PostgreSQL, shared by the tests of a class.</summary>
public class WashgoServer : IAsyncLifetime
{
    private DataFolder? _data;
    private RunningServer? _server;

    public DataFolder Data => _data!;

    public RunningServer Server => _server!;

    protected virtual int? Port => null;

    protected virtual Dictionary<string, string> Settings => [];

    public virtual async ValueTask InitializeAsync()
    {
        _data = await DataFolder.WithWashgo();
        _server = await RunningServer.Start("washgo", env: Settings, dataFolder: _data.FolderPath, port: Port);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _data?.Dispose();
        GC.SuppressFinalize(this);
    }
}
