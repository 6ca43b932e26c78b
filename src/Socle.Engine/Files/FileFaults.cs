using System.Globalization;
using Socle.Kernel;

namespace Socle.Files;

/// <summary>What can be wrong with files, in words.</summary>
public static class FileFaults
{
    public static Fault NotFound { get; } = new(
        FaultCode.NotFound,
        "There is no such file, or you may not read it. It may have been removed, since no record pointed to it.",
        "Il n'y a pas de tel fichier, ou vous ne pouvez pas le lire. Il a pu être supprimé, si aucun enregistrement ne s'y référait.");

    public static Fault NoUpload { get; } = new(
        FaultCode.NotFound,
        "There is no such upload: it is finished, was cancelled, or is older than a day. Begin another one with POST /api/files/uploads.",
        "Il n'y a pas de tel envoi : il est terminé, a été annulé, ou date de plus d'un jour. Commencez-en un autre par POST /api/files/uploads.");

    public static Fault Busy { get; } = new(
        FaultCode.Conflict,
        "Another request is writing to this upload. Ask with HEAD where it stands, then go on from there.",
        "Une autre requête écrit dans cet envoi. Demandez par HEAD où il en est, puis continuez à partir de là.");

    public static Fault WrongOffset(long offset) => new(
        FaultCode.Conflict,
        $"The upload stands at byte {Number(offset)}: send Upload-Offset: {Number(offset)} and what follows it.",
        $"L'envoi en est à l'octet {Number(offset)} : envoyez Upload-Offset: {Number(offset)} et la suite.",
        "Upload-Offset");

    public static Fault WrongChecksum { get; } = new(
        FaultCode.ChecksumMismatch,
        "What arrived is not what Upload-Checksum says: it was thrown away. Send this part again.",
        "Ce qui est arrivé ne correspond pas à Upload-Checksum : cela n'a pas été gardé. Renvoyez cette partie.",
        "Upload-Checksum");

    public static Fault TooLong { get; } = new(
        FaultCode.TooLarge,
        "More bytes came than Upload-Length says.",
        "Il est arrivé plus d'octets que n'en annonce Upload-Length.");

    public static Fault TooLarge(long most) => new(
        FaultCode.TooLarge,
        $"A file may have {Number(most)} bytes at most (MAX_FILE_SIZE).",
        $"Un fichier peut avoir {Number(most)} octets au plus (MAX_FILE_SIZE).");

    public static Fault OverQuota(long quota) => new(
        FaultCode.StorageFull,
        $"All files together may have {Number(quota)} bytes (FILES_QUOTA), and this one would be too much. Delete files that are no longer needed, or ask an administrator.",
        $"Tous les fichiers ensemble peuvent avoir {Number(quota)} octets (FILES_QUOTA), et celui-ci serait de trop. Supprimez les fichiers devenus inutiles, ou adressez-vous à un administrateur.");

    public static Fault DiskFull { get; } = new(
        FaultCode.StorageFull,
        "The server's disk is almost full, and takes no such file. Whoever runs the server must free some space.",
        "Le disque du serveur est presque plein, et ne prend pas un tel fichier. La personne qui gère le serveur doit libérer de la place.");

    public static Fault StillUsed { get; } = new(
        FaultCode.StillReferenced,
        "A record points to this file. Take it out of the record first.",
        "Un enregistrement se réfère à ce fichier. Retirez-le d'abord de l'enregistrement.");

    public static Fault NoPreviewOf(string type) => new(
        FaultCode.UnsupportedMediaType,
        $"There are previews of pictures and PDF, not of {type}.",
        $"Il y a des aperçus d'images et de PDF, pas de {type}.");

    public static Fault Broken { get; } = new(
        FaultCode.NoPreview,
        "No preview can be made of this file: it is damaged, has too many pixels, has no such page, or takes too long to read.",
        "Aucun aperçu ne peut être fait de ce fichier : il est endommagé, a trop de pixels, n'a pas cette page, ou est trop long à lire.");

    public static Fault TooManyPreviews { get; } = new Fault(
        FaultCode.TooManyRequests,
        "Many previews are being made at this moment. Try again in a few seconds.",
        "Beaucoup d'aperçus sont en cours. Réessayez dans quelques secondes.") with
    { RetryAfter = 3 };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
