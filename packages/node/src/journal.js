// The journal of a running rechat, read over node:http, since tests often
// replace `fetch`.
import { request } from "node:http";

const SHOWN = 5;

export class Journal {
  #url;
  #token;

  constructor(url, token) {
    this.#url = url;
    this.#token = token;
  }

  get(path) {
    return this.#ask("GET", path);
  }

  post(path, body) {
    return this.#ask("POST", path, JSON.stringify(body));
  }

  async exchanges(query) {
    return (await this.get(`exchanges?q=${encodeURIComponent(query)}&after=0`)).exchanges;
  }

  /** The first rows with all their details, then the others as they are. */
  async inFull(rows, most = SHOWN) {
    const first = rows.slice(0, most).map(({ number }) => this.get(`exchanges/${number}`));
    return [...(await Promise.all(first)), ...rows.slice(most)];
  }

  #ask(method, path, body) {
    return new Promise((resolve, reject) => {
      const headers = { "x-rechat-token": this.#token };
      const sent = request(`${this.#url}/_rechat/${path}`, { method, headers, agent: false });
      const fail = (error) =>
        reject(new Error(`rechat: its server for the tests cannot be reached: ${error.message}`));
      sent.once("error", fail);
      sent.once("response", (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.once("error", fail);
        response.once("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          try {
            const said = JSON.parse(text);
            if (response.statusCode === 200) resolve(said);
            else reject(new Error(`rechat: ${said.error}`));
          } catch {
            reject(new Error(`rechat: its server for the tests said ${response.statusCode}: ${text}`));
          }
        });
      });
      sent.end(body);
    });
  }
}
