// TypeDoc names an entry after its file, and would call the main one `index`. Here it has the name of the package.
import { Converter, ReflectionKind } from "typedoc";

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      if (module.name === "index") module.name = "synaptape";
    }
  });
}
