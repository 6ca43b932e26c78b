namespace Socle.Access.Mail;

/// <summary>A mail, as plain text.</summary>
public sealed record Letter(string Subject, string Text);
