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
        || mapping::ROWS.iter().map(|row| &*row.source).filter(|path| !path.contains('[')).chain(OTHERS);
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
/// field's parent, or have only a part of its name: either counts as a letter.
fn distance(path: &str, known: &str) -> Option<usize> {
    let (parent, name) = known.rsplit_once('.').unwrap_or(("", known));
    let (own_parent, own_path) = path.split_once('.').filter(|_| !parent.is_empty()).unwrap_or(("", path));
    let own_name = own_path.split('.').next()?.to_lowercase();
    let name = name.to_lowercase();
    let parents =
        if own_parent.is_empty() { parent.len().min(1) } else { damerau_levenshtein(own_parent, parent) };
    if own_name.len() >= MIN_PART && parents <= 1 && name.contains(&own_name) {
        return Some(parents + usize::from(name != own_name));
    }
    let distance = parents + damerau_levenshtein(&own_name, &name);
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
            ("idd", Some("id")),
            ("Id", Some("id")),
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
