import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";

/** A form that needs the width: the chatter stands below it, on wide screens too. */
export class WideFormRenderer extends FormRenderer {
    mailLayout(hasAttachmentContainer) {
        const layout = super.mailLayout(hasAttachmentContainer);
        return layout === "SIDE_CHATTER" ? "BOTTOM_CHATTER" : layout;
    }
}

/** Without the frame that keeps a chatter beside the sheet. */
export class WideFormController extends FormController {
    get className() {
        return { ...super.className, "o_xxl_form_view h-100": false, o_kam_wide_form: true };
    }
}

registry.category("views").add("kam_wide_form", {
    ...formView,
    Controller: WideFormController,
    Renderer: WideFormRenderer,
});
