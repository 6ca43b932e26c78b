using Socle.Kernel;

namespace Socle.FieldTypes;

/// <summary>A share in hundredths: 20 is 20 %, never 0.2.</summary>
public sealed class PercentageField : DecimalField
{
    public override string Name => "percentage";

    public override Text Expects(FieldShape field) =>
        new("a percentage such as 20 (for 20 %)", "un pourcentage comme 20 (pour 20 %)");
}
