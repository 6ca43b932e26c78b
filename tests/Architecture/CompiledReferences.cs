using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Socle.Tests.Architecture;

/// <summary>Which of the project's types use which, read from the compiled assembly: signatures, fields, base types, attributes and method bodies.</summary>
internal sealed class CompiledReferences : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;

    public CompiledReferences(string assemblyPath)
    {
        _file = new PEReader(File.OpenRead(assemblyPath));
        _metadata = _file.GetMetadataReader();
    }

    /// <summary>Pairs of namespaces: the user's and the used one's, with the names of the two types.</summary>
    public IEnumerable<Reference> All()
    {
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var user = NameOf(handle);
            if (!user.StartsWith("Socle.", StringComparison.Ordinal))
                continue;
            foreach (var used in UsedBy(_metadata.GetTypeDefinition(handle)).Where(name => name.StartsWith("Socle.", StringComparison.Ordinal)).Distinct())
                yield return new Reference(user, used);
        }
    }

    public void Dispose() => _file.Dispose();

    private HashSet<string> UsedBy(TypeDefinition type)
    {
        var names = new NameCollector(_metadata);
        names.Add(type.BaseType);
        foreach (var implementation in type.GetInterfaceImplementations())
            names.Add(_metadata.GetInterfaceImplementation(implementation).Interface);
        foreach (var field in type.GetFields())
            _metadata.GetFieldDefinition(field).DecodeSignature(names, null);
        foreach (var handle in type.GetMethods())
        {
            var method = _metadata.GetMethodDefinition(handle);
            method.DecodeSignature(names, null);
            if (method.RelativeVirtualAddress != 0)
                AddBody(names, _file.GetMethodBody(method.RelativeVirtualAddress));
        }

        return names.Names;
    }

    private void AddBody(NameCollector names, MethodBodyBlock body)
    {
        foreach (var token in Instructions.Tokens(body.GetILBytes()!))
            names.AddToken(token);
        if (!body.LocalSignature.IsNil)
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null);
    }

    private string NameOf(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        while (type.IsNested)
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        return $"{_metadata.GetString(type.Namespace)}.{_metadata.GetString(type.Name)}";
    }
}

internal sealed record Reference(string User, string Used)
{
    public string UserFolder => Folder(User);

    public string UsedFolder => Folder(Used);

    private static string Folder(string type) => type[..type.LastIndexOf('.')];
}
