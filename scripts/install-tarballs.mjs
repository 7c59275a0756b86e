// Packs every package, installs the tarballs into an empty project elsewhere, and uses them as a stranger would:
// from ESM, from require, through the type checker, and the command by its name.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const project = mkdtempSync(join(tmpdir(), "pincex-install-"));
const run = (command, args, cwd = project) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
let passed = 0;

/** Starts `pincex serve` as installed, asks for the page and for a book, and stops it. */
async function serveOnce() {
  const bin = join(project, "node_modules", "pincex", "bin", "pincex.js");
  const env = { ...process.env, PORT: "0", PINCEX_DATA_DIR: join(project, "data") };
  delete env.DATABASE_URL;
  const server = spawn(process.execPath, [bin, "serve"], { cwd: project, env });
  let output = "";
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const address = await new Promise((resolve, reject) => {
    const listen = (chunk) => {
      output += chunk;
      const found = /running[\s\S]*?(http:\/\/localhost:\d+)/.exec(output);
      if (found) resolve(found[1]);
    };
    server.stdout.on("data", listen);
    server.stderr.on("data", listen);
    ended.then((code) => reject(new Error(`pincex serve ended with ${code}: ${output}`)));
  });
  const page = await (await fetch(address)).text();
  if (!page.includes("<script")) throw new Error(`the page has no script: ${page.slice(0, 200)}`);
  const book = await fetch(`${address}/api/v3/depth?symbol=BTCUSDT`);
  if (book.status !== 200) throw new Error(`the book answers ${book.status}`);
  server.kill("SIGINT");
  const code = await ended;
  if (code !== 0) throw new Error(`pincex serve stopped with ${code}: ${output}`);
}

const check = (what, act) => {
  act();
  passed += 1;
  console.log(`ok  ${what}`);
};

try {
  const packages = readdirSync("packages").map((folder) => {
    const cwd = resolve("packages", folder);
    const manifest = JSON.parse(readFileSync(join(cwd, "package.json"), "utf8"));
    const [{ filename, files }] = JSON.parse(
      run("npm", ["pack", "--json", "--pack-destination", project], cwd),
    );
    const paths = files.map((file) => file.path);
    check(`${manifest.name} ships its licence, its README and no tests`, () => {
      for (const path of ["LICENSE", "README.md", "dist/index.js", "dist/index.d.ts"]) {
        if (!paths.includes(path)) throw new Error(`${manifest.name}: ${path} is missing`);
      }
      const stray = paths.find((path) => /\.test\.|\/testing\/|tsbuildinfo/.test(path));
      if (stray !== undefined) throw new Error(`${manifest.name} ships ${stray}`);
    });
    const entries = Object.keys(manifest.exports)
      .filter((entry) => entry !== "./package.json")
      .map((entry) => manifest.name + entry.slice(1));
    return { name: manifest.name, tarball: `./${filename}`, entries };
  });

  const entries = packages.flatMap((each) => each.entries);
  const dependencies = Object.fromEntries(
    packages.map(({ name, tarball }) => [name, `file:${tarball}`]),
  );
  const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({
      private: true,
      dependencies,
      devDependencies: {
        typescript: devDependencies.typescript,
        "@types/node": devDependencies["@types/node"],
      },
    }),
  );
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"]);

  for (const entry of entries) {
    check(`import "${entry}"`, () =>
      run(process.execPath, ["--input-type=module", "-e", `await import("${entry}")`]),
    );
    check(`require("${entry}")`, () =>
      run(process.execPath, ["--input-type=commonjs", "-e", `require("${entry}")`]),
    );
  }

  const imports = entries.map((entry, index) => `import * as m${index} from "${entry}";`);
  const uses = entries.map((_, index) => `m${index}`).join(", ");
  writeFileSync(join(project, "consumer.mts"), `${imports.join("\n")}\nconsole.log(${uses});\n`);
  writeFileSync(join(project, "consumer.cts"), `${imports.join("\n")}\nconsole.log(${uses});\n`);
  for (const [module, moduleResolution] of [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ]) {
    const sources = module === "nodenext" ? ["consumer.mts", "consumer.cts"] : ["consumer.mts"];
    check(`the types compile with moduleResolution ${moduleResolution}, library check on`, () =>
      run("npx", [
        "tsc",
        ...["--noEmit", "--strict", "--target", "es2022", "--types", "node"],
        ...["--module", module, "--moduleResolution", moduleResolution],
        ...sources,
      ]),
    );
  }
  check("the command starts by its name", () => {
    const version = run("npx", ["pincex", "--version"]).trim();
    if (!/\d+\.\d+\.\d+/.test(version)) throw new Error(`pincex --version printed ${version}`);
  });
  await serveOnce();
  passed += 1;
  console.log(
    "ok  the installed exchange starts, serves its page and its API, and stops on Ctrl-C",
  );
  console.log(`\n${passed} passed, 0 failed`);
} finally {
  rmSync(project, { recursive: true, force: true });
}
