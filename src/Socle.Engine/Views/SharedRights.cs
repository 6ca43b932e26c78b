using Socle.Catalog;
using Socle.Kernel;

namespace Socle.Views;

/// <summary>Who makes and changes what everybody sees: roles that may take back the changes of others. What is somebody's own is theirs.</summary>
public static class SharedRights
{
    public static bool May(Caller caller, CatalogSnapshot snapshot) => snapshot.Access.FindRole(caller.Role) is { IsAdmin: true } or { MayUndo: true };

    /// <param name="caller">Who asks.</param>
    /// <param name="snapshot">Which roles there are.</param>
    /// <param name="isShared">Whether it is, or shall be, everybody's.</param>
    internal static Fault? Refuse(Caller caller, CatalogSnapshot snapshot, bool isShared)
    {
        if (isShared)
            return May(caller, snapshot) ? null : ViewFaults.SharedByManagers;
        return caller.UserId is null ? ViewFaults.NoOwner : null;
    }
}
