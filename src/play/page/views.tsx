// The pages of the playground, to go from one to another.
import { type ExplorableName, explorables } from "../explore/controls.js";

/** A list of links; that of the page that is shown is marked. */
export function Views({ current }: { current: ExplorableName | "life" | undefined }) {
  const link = (name: ExplorableName | "life", address: string, text: string) => (
    <li key={name}>
      <a href={address} aria-current={name === current ? "page" : undefined}>
        {text}
      </a>
    </li>
  );
  return (
    <nav aria-label="Pages of the playground">
      <ul class="views">
        {link("life", "./", "A life and its rule")}
        {Object.entries(explorables).map(([name, { title }]) =>
          link(name as ExplorableName, `explore.html#explore=${name}`, title),
        )}
      </ul>
    </nav>
  );
}
