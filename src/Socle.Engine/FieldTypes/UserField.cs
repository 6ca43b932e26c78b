namespace Socle.FieldTypes;

/// <summary>Somebody's account: a reference to <c>users</c>, in one word.</summary>
public sealed class UserField : ReferenceField
{
    public override string Name => "user";
}
