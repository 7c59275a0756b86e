// All packages share one version, so the repository has one changelog too: what changed, and in which packages.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const versions = new Map();
for (const folder of readdirSync("packages")) {
  const { name } = JSON.parse(readFileSync(`packages/${folder}/package.json`, "utf8"));
  const [, ...releases] = readFileSync(`packages/${folder}/CHANGELOG.md`, "utf8").split(/^## /m);
  for (const release of releases) {
    const [version, ...lines] = release.split("\n");
    const changes = versions.get(version) ?? new Map();
    versions.set(version, changes);
    for (const line of lines) {
      // "Updated dependencies" says nothing where every package has the same version.
      if (!line.startsWith("- ") || line.startsWith("- Updated dependencies")) continue;
      const change = line.replace(/^- (?:[0-9a-f]{7,40}: )?/, "");
      changes.set(change, [...(changes.get(change) ?? []), name]);
    }
  }
}

const pages = [...versions].map(([version, changes]) => {
  const lines = [...changes].map(([change, names]) => `- ${change} (${names.join(", ")})`);
  return `## ${version}\n\n${lines.join("\n")}\n`;
});
writeFileSync("CHANGELOG.md", `# Changelog\n\n${pages.join("\n")}`);
