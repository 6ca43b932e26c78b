// upload.mjs ADDRESS FILE [CUT]: uploads a file by tus-js-client in parts of 1 MB; with CUT it stops after so many bytes, forgets all
// but the upload's address, and goes on. Prints the upload's address.
import { createReadStream, statSync } from "node:fs";
import * as tus from "tus-js-client";

const [address, path, cut] = process.argv.slice(2);
const size = statSync(path).size;

function run(uploadUrl, stopAt) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(createReadStream(path), {
      endpoint: `${address}/api/files/uploads`,
      uploadUrl,
      uploadSize: size,
      chunkSize: 1_000_000,
      metadata: { filename: "relevé du 3.bin", filetype: "application/octet-stream" },
      onError: reject,
      onChunkComplete: (_, sent) => {
        if (stopAt && sent >= stopAt) upload.abort().then(() => resolve(upload.url));
      },
      onSuccess: () => resolve(upload.url),
    });
    upload.start();
  });
}

let url = null;
if (cut) url = await run(null, Number(cut));
url = await run(url, null);
console.log(url);
process.exit(0);
