//! Files as people attach them, and files as somebody might who means harm.

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hostile_files;
#[cfg(test)]
mod hostile_xls;
#[cfg(test)]
mod made;
#[cfg(test)]
mod mails;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod workbooks;
#[cfg(test)]
mod xls;
