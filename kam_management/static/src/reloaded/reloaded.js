import { useComponent, useEffect } from "@odoo/owl";

/**
 * For a widget that asks the server about its record: asks when it is shown, when the
 * record is another, and after each reload; not while somebody types.
 *
 * @param {(id: number | false) => void} load
 */
export function useReloaded(load) {
    const component = useComponent();
    let saved = null;
    useEffect(
        (id) => {
            load(id);
        },
        () => {
            const { resId, dirty, data } = component.props.record;
            saved = (dirty && saved) || data;
            return [resId, saved];
        }
    );
}
