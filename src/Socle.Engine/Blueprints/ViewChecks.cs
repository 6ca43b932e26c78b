using Socle.Kernel;
using Socle.Views;

namespace Socle.Blueprints;

/// <summary>
/// Judges views and widgets by the tables that the blueprint makes, before there is any database. Adopted tables are known to the
/// database alone: where there are any, the server tells with the view what does not hold.
/// </summary>
internal static class ViewChecks
{
    public static void Check(Blueprint blueprint, NodeReader reader)
    {
        if (!blueprint.Adopted.IsEmpty || (blueprint.Dashboards.IsEmpty && blueprint.Tables.All(table => table.Views.IsEmpty)))
            return;
        var snapshot = PolicyChecks.Snapshot(blueprint);
        foreach (var table in blueprint.Tables)
        {
            foreach (var view in table.Views)
                Refuse(ViewCheck.Check(view.View, snapshot.FindTable(table.Name)!, snapshot), $"tables.{table.Name}.views.{view.Key}", view.Line, reader);
        }

        foreach (var dashboard in blueprint.Dashboards)
        {
            foreach (var widget in dashboard.Widgets)
                Refuse(WidgetCheck.Check(widget.Widget, snapshot), $"dashboards.{dashboard.Key}.widgets.{widget.Widget.Id}", widget.Line, reader);
        }
    }

    private static void Refuse(IEnumerable<Fault> faults, string path, int line, NodeReader reader)
    {
        foreach (var fault in faults)
            reader.Refuse(line, NodeReader.Join(path, fault.Field ?? ""), fault.Message.English, fault.Message.French);
    }
}
