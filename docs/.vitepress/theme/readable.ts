// What VitePress leaves out for screen readers. The first page has a main part. In the sidebar, a heading that opens its
// group is a button, and says whether the group is open; the arrow in it is not a second button. The key that opens the search
// is no part of that button's text; the style writes it.
import { useRoute } from "vitepress";
import { nextTick, onMounted, watch } from "vue";

function mend(): void {
  const content = document.querySelector("#VPContent");
  if (content?.classList.contains("is-home")) content.setAttribute("role", "main");
  else content?.removeAttribute("role");
  for (const key of document.querySelectorAll(".DocSearch-Button-Key")) key.textContent = "";
  for (const heading of document.querySelectorAll(".VPSidebarItem.collapsible > .item")) {
    const arrow = heading.querySelector(".caret");
    const open = String(!heading.parentElement?.classList.contains("collapsed"));
    if (heading.getAttribute("role") !== "button") {
      arrow?.setAttribute("aria-expanded", open);
      continue;
    }
    heading.setAttribute("aria-expanded", open);
    arrow?.removeAttribute("role");
    arrow?.removeAttribute("tabindex");
    arrow?.removeAttribute("aria-label");
  }
}

/** Mends every page that is shown, and the sidebar whenever a group opens or closes. */
export function readable(): void {
  const route = useRoute();
  onMounted(() => {
    mend();
    new MutationObserver(mend).observe(document.body, { attributes: true, attributeFilter: ["class"], subtree: true });
  });
  watch(
    () => route.path,
    () => nextTick(mend),
  );
}
