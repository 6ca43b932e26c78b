using Socle.Catalog;
using Socle.Imports.Values;

namespace Socle.Imports.Writing;

/// <summary>A column of the file and the field that it means.</summary>
/// <param name="Index">Its place in the file.</param>
public sealed record MappedColumn(int Index, string Header, FieldSnapshot Field);

/// <summary>What an empty cell becomes in a new record.</summary>
public enum EmptyCell
{
    /// <summary>Nothing.</summary>
    Null,

    /// <summary>The field's default, which is the same for the whole import.</summary>
    Constant,

    /// <summary>A new random UUID.</summary>
    NewUuid,

    /// <summary>The field's default, which each record's INSERT evaluates.</summary>
    Evaluated,

    /// <summary>The row is rejected.</summary>
    Refused,
}

/// <summary>A column of the import: from which cell, to which field, and how.</summary>
/// <param name="Index">The cell's place in the file.</param>
/// <param name="Default">For <see cref="EmptyCell.Constant"/>, as COPY's text.</param>
/// <param name="IsKey">It tells whether the record exists.</param>
public sealed record ConvertedColumn(int Index, string Header, FieldSnapshot Field, ValueReader Reader, EmptyCell Empty, byte[]? Default, bool IsKey);
