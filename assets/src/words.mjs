// Words of the outbox. French first; English where the page is English.
const ENGLISH = {
  "Rien n’attend sur cet appareil.": "Nothing waits on this device.",
  "à envoyer": "to send",
  "refusée": "refused",
  "Sans réseau : tout est gardé ici et partira dès que possible.": "No network: all is kept here and will leave as soon as possible.",
  "Reconnectez-vous pour envoyer ce qui attend.": "Sign in again to send what waits.",
  "Se connecter": "Sign in",
  "Envoyer maintenant": "Send now",
  "Envoi…": "Sending…",
  "Sur cet appareil": "On this device",
  "Réessayer": "Try again",
  "Supprimer": "Delete",
  "Supprimer pour de bon cette soumission, qui n’a pas été reçue ?": "Delete for good this submission, which was not received?",
  "Une autre personne a des soumissions en attente sur cet appareil : elle doit se connecter pour les envoyer.": "Someone else has submissions waiting on this device: they must sign in to send them.",
  "Gardée sur cet appareil. Elle part dès que le réseau le permet.": "Kept on this device. It leaves as soon as the network allows.",
  "Le formulaire est complet. C’est un essai : rien n’est gardé ni envoyé.": "The form is complete. This is a trial: nothing is kept or sent.",
  "Remplir un autre": "Fill in another",
  "Ce formulaire n’a pas pu s’ouvrir.": "This form could not be opened.",
  "Prêt à servir sans réseau.": "Ready to serve without network.",
};
export const word = (text) => (document.documentElement.lang.startsWith("en") ? ENGLISH[text] : undefined) ?? text;
