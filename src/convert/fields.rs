//! The fields that Olark documents, to suggest one for a field that no payload has.

use strsim::damerau_levenshtein;

use crate::convert::mapping;

/// Documented fields that are in no mapping.
const OTHERS: [&str; 4] = ["id", "eventType", "manuallySubmitted", "visitor.customFields"];

/// A part of a field's name that may stand for all of it has at least this many letters.
const MIN_PART: usize = 4;

/// The documented field that is most like this path, unless it is one itself.
pub fn nearest(path: &str) -> Option<String> {
    let known =
        || mapping::ROWS.iter().map(|row| row.source).filter(|path| !path.contains('[')).chain(OTHERS);
    let is_known = known()
        .any(|known| path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
    let nearest = known()
        .filter_map(|known| Some((distance(path, known)?, known)))
        .min_by_key(|(distance, _)| *distance);
    let (_, known) = nearest.filter(|_| !is_known)?;
    let rest = path.split('.').skip(known.split('.').count());
    Some([known].into_iter().chain(rest).collect::<Vec<_>>().join("."))
}

/// The letters that differ between the start of a path and a documented field, if these are few. The path may lack the
/// field's parent, or have only a part of its name.
fn distance(path: &str, known: &str) -> Option<usize> {
    let (parent, name) = known.rsplit_once('.').unwrap_or(("", known));
    let parts: Vec<_> = path.split('.').take(known.split('.').count()).collect();
    let (own_parent, own_name) = if parts.len() == 1 { (parent, path) } else { (parts[0], parts[1]) };
    let (name, own_name) = (name.to_lowercase(), own_name.to_lowercase());
    if own_name.len() >= MIN_PART && own_parent == parent && name.contains(&own_name) {
        return Some(1);
    }
    let distance = damerau_levenshtein(own_parent, parent) + damerau_levenshtein(&own_name, &name);
    (distance <= 1 + name.len() / 4).then_some(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_documented_field_is_found() {
        for (path, expected) in [
            ("visitor.fulName", Some("visitor.fullName")),
            ("visitor.FULLNAME", Some("visitor.fullName")),
            ("visitor.full_name", Some("visitor.fullName")),
            ("visitor.name", Some("visitor.fullName")),
            ("fullName", Some("visitor.fullName")),
            ("visiter.city", Some("visitor.city")),
            ("visitor.email", Some("visitor.emailAddress")),
            ("visitor.country_code", Some("visitor.countryCode")),
            ("visitor.ID", Some("visitor.id")),
            ("visitor.customFeilds.plan.name", Some("visitor.customFields.plan.name")),
            ("tag", Some("tags")),
            ("visitor.customFields.plan", None),
            ("visitor.id", None),
            ("id", None),
            ("visitor.userAgent", None),
            ("plan", None),
        ] {
            assert_eq!(nearest(path).as_deref(), expected, "{path}");
        }
    }
}
