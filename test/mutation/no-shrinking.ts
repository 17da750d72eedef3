// A planted fault that fails a property is found; nobody reads the smallest case that shows it.
import fc from "fast-check";

fc.configureGlobal({ endOnFailure: true });
