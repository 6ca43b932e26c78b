using System.Text.Json;
using System.Text.Json.Serialization;
using Socle.FieldTypes;

namespace Socle.Catalog;

/// <summary>How <see cref="FieldSettings"/> are kept in socle_system.fields.settings.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FieldSettings))]
public sealed partial class FieldSettingsJson : JsonSerializerContext;
