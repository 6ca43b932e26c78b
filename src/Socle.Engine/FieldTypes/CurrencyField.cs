using System.Collections.Immutable;
using Socle.Kernel;

namespace Socle.FieldTypes;

/// <summary>An amount of money: an exact number of the currency that the setting <c>currency</c> names (ISO 4217). It converts nothing.</summary>
public sealed class CurrencyField : DecimalField
{
    public const string UsualCurrency = "EUR";
    public const int UsualPrecision = 14;
    public const int UsualScale = 2;

    /// <summary>ISO 4217's active codes of money; those of metals, funds and tests are left out.</summary>
    public static ImmutableArray<string> Codes { get; } =
    [
        .. ("AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK "
            + "DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR "
            + "KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB "
            + "PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD "
            + "TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG").Split(' '),
    ];

    public override string Name => "currency";

    public override string ColumnType(FieldSettings settings) =>
        $"numeric({settings.Precision ?? UsualPrecision},{settings.Scale ?? (settings.Precision is null ? UsualScale : 0)})";

    public override Text Expects(FieldShape field)
    {
        var currency = field.Settings.Currency ?? UsualCurrency;
        return field.ColumnType.Modifiers is [var digits, var decimals]
            ? new(
                $"an amount in {currency} such as 12.50, with at most {digits - decimals} digits before the point",
                $"un montant en {currency} comme 12.50, d'au plus {digits - decimals} chiffres avant la virgule")
            : new($"an amount in {currency} such as 12.50", $"un montant en {currency} comme 12.50");
    }
}
