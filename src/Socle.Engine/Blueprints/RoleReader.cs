using System.Collections.Immutable;
using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Blueprints;

/// <summary>Takes <c>roles:</c> and <c>policies:</c>, gives who may do what. Refuses roles and tables that are not there, and to bind the administrator.</summary>
internal sealed class RoleReader(NodeReader reader)
{
    /// <summary>As long as PostgreSQL leaves room for socle_… and the action behind it.</summary>
    private const int LongestName = 41;

    private static readonly Text ActionWord = new("The action", "L'action");

    private static readonly Dictionary<string, PolicyAction> Actions = Enum.GetValues<PolicyAction>().ToDictionary(action => action.ToString().ToLowerInvariant());

    public ImmutableArray<RoleBlueprint> ReadRoles(YamlEntry? roles) =>
        roles is null ? [] : [.. (reader.ReadMap(roles.Value, "roles")?.Entries ?? []).Select(entry => ReadRole(entry, $"roles.{entry.Key}")).OfType<RoleBlueprint>()];

    /// <param name="policies">As written.</param>
    /// <param name="roles">Those of the blueprint.</param>
    /// <param name="tables">The names of all tables that it speaks of.</param>
    public ImmutableArray<PolicyBlueprint> ReadPolicies(YamlEntry? policies, ImmutableArray<RoleBlueprint> roles, IReadOnlyCollection<string> tables)
    {
        string[] known = [.. AccessRules.BuiltIn.Roles.Where(role => !role.IsAdmin).Select(role => role.Name), .. roles.Select(role => role.Name)];
        var read = ImmutableArray.CreateBuilder<PolicyBlueprint>();
        foreach (var role in policies is null ? [] : reader.ReadMap(policies.Value, "policies")?.Entries ?? [])
        {
            var path = $"policies.{role.Key}";
            if (role.Key == Caller.Admin)
                RefuseAdmin(role.Line, path);
            else if (!known.Contains(role.Key))
                reader.RefuseUnknown(role.Line, path, new("The role", "Le rôle"), role.Key, known.Distinct());
            foreach (var table in reader.ReadMap(role.Value, path)?.Entries ?? [])
            {
                var tablePath = NodeReader.Join(path, table.Key);
                if (!tables.Contains(table.Key))
                    reader.RefuseUnknown(table.Line, tablePath, new("The table", "La table"), table.Key, tables);
                read.Add(new PolicyBlueprint(role.Key, table.Key, ReadRules(table, tablePath), table.Line));
            }
        }

        return read.ToImmutable();
    }

    private RoleBlueprint? ReadRole(YamlEntry entry, string path)
    {
        BlueprintNames.CheckName(entry.Key, entry.Line, path, reader);
        if (entry.Key.Length > LongestName)
            reader.Refuse(entry.Line, path, $"The name of a role has at most {LongestName} characters.", $"Le nom d'un rôle a {LongestName} caractères au plus.");
        if (entry.Key == Caller.Admin)
            RefuseAdmin(entry.Line, path);
        if (entry.Value.IsNull)
            return new RoleBlueprint(entry.Key, null, [], false, entry.Line);
        if (reader.ReadMap(entry.Value, path, BlueprintKeys.Role) is not { } map)
            return null;
        var defaults = map.Find("default") is { } actions ? reader.ReadList(actions.Value, NodeReader.Join(path, "default")) : [];
        return new RoleBlueprint(
            entry.Key,
            reader.ReadLabel(map.Find("label")?.Value, NodeReader.Join(path, "label")),
            [.. defaults.Select(node => ReadAction(node, NodeReader.Join(path, "default"))).OfType<PolicyAction>().Distinct().Order()],
            reader.ReadBoolean(map.Find("undo")?.Value, NodeReader.Join(path, "undo")) ?? false,
            entry.Line);
    }

    private PolicyAction? ReadAction(YamlNode node, string path)
    {
        if (reader.ReadWord(node, path) is not { } word)
            return null;
        if (Actions.TryGetValue(word, out var action))
            return action;
        reader.RefuseUnknown(node.Line, path, ActionWord, word, Actions.Keys);
        return null;
    }

    private ImmutableArray<RuleBlueprint> ReadRules(YamlEntry table, string path)
    {
        var entries = table.Value.IsNull ? [] : reader.ReadMap(table.Value, path, BlueprintKeys.Policy)?.Entries ?? [];
        return [.. entries.Where(entry => Actions.ContainsKey(entry.Key)).Select(entry => ReadRule(entry, Actions[entry.Key], NodeReader.Join(path, entry.Key))).OfType<RuleBlueprint>().OrderBy(rule => rule.Action)];
    }

    /// <summary>True is every record, false the same as not to say.</summary>
    private RuleBlueprint? ReadRule(YamlEntry entry, PolicyAction action, string path)
    {
        if (entry.Value is not YamlMap)
            return reader.ReadBoolean(entry.Value, path) == true ? new RuleBlueprint(action, null, null, entry.Line) : null;
        var map = reader.ReadMap(entry.Value, path, BlueprintKeys.Rule)!;
        var filter = map.Find("filter") is { } text ? reader.ReadWord(text.Value, NodeReader.Join(path, "filter")) : null;
        var fields = default(ImmutableArray<string>?);
        if (map.Find("fields") is { } list)
            fields = [.. reader.ReadList(list.Value, NodeReader.Join(path, "fields")).Select(node => reader.ReadWord(node, NodeReader.Join(path, "fields"))).OfType<string>().Distinct()];
        if (fields is { IsEmpty: true } && action != PolicyAction.Delete)
            reader.Refuse(entry.Line, NodeReader.Join(path, "fields"), "Name at least one field, or leave 'fields' out for all of them.", "Nommez au moins un champ, ou omettez « fields » pour tous.");
        if (fields is not null && action == PolicyAction.Delete)
            reader.Refuse(entry.Line, NodeReader.Join(path, "fields"), "A record is deleted with all its fields: remove 'fields'.", "Un enregistrement est supprimé avec tous ses champs : retirez « fields ».");
        return new RuleBlueprint(action, filter, fields, entry.Line);
    }

    private void RefuseAdmin(int line, string path) => reader.Refuse(
        line,
        path,
        "The role 'admin' may do everything, and a blueprint does not change that.",
        "Le rôle « admin » peut tout faire, et un blueprint n'y change rien.");
}
