using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Socle.Http;
using Socle.Kernel;
using Socle.Views;

namespace Socle.Features.Dashboards;

/// <summary>Takes the widgets of a body, gives them; what is wrong with them is noted in the body, each with its place.</summary>
internal static partial class WidgetReader
{
    private const int MostWidgets = 50;
    private const int LongestQuery = 10_000;

    /// <summary>Null when none are sent.</summary>
    public static ImmutableArray<WidgetDefinition>? Read(BodyReader body)
    {
        if (body.Objects("widgets") is not { } items)
            return null;
        if (items.Length > MostWidgets)
            body.Refuse(new Fault(FaultCode.InvalidValue, $"A dashboard has at most {MostWidgets} widgets.", $"Un tableau de bord a au plus {MostWidgets} widgets.", "widgets"));
        var widgets = ImmutableArray.CreateBuilder<WidgetDefinition>();
        foreach (var item in items.Take(MostWidgets))
        {
            var id = item.Text("id") ?? string.Create(CultureInfo.InvariantCulture, $"w{widgets.Count + 1}");
            if (!Name().IsMatch(id))
                item.Refuse(new Fault(FaultCode.InvalidValue, "'id' must be letters a-z, digits, _ and -, 60 at most.", "« id » doit être fait de lettres a-z, chiffres, _ et -, 60 au plus.", "id"));
            else if (widgets.Any(other => other.Id == id))
                item.Refuse(new Fault(FaultCode.InvalidValue, $"Two widgets are called '{id}'.", $"Deux widgets s'appellent « {id} ».", "id"));
            var label = item.Label("label");
            item.Required("kind");
            var kind = item.Choice("kind", [.. Kinds.Widgets.OrderBy(known => known.Value).Select(known => (known.Key, known.Value))]);
            widgets.Add(new WidgetDefinition(id, label ?? new Text(id, id), kind ?? WidgetKind.Table, item.Required("table"), item.Required("query", LongestQuery)));
            foreach (var fault in item.Faults.Within($"widgets[{widgets.Count - 1}]"))
                body.Refuse(fault);
        }

        return widgets.ToImmutable();
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,60}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();
}
