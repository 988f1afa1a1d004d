// Sentences of the form engine that people read, and their French. Where a language has none, English stands.
const FRENCH = {
  "Send": "Envoyer",
  "Remove": "Retirer",
  " Add ": " Ajouter ",
  "Take picture": "Prendre une photo",
  "Choose image": "Choisir une image",
  "Captured image preview": "Aperçu de l’image",
  "Get location": "Prendre la position",
  "Try again": "Réessayer",
  "Unknown error": "Erreur inconnue",
  "Geolocation is not supported by this browser.": "Ce navigateur ne donne pas de position.",
  "Condition not satisfied: constraint": "Cette réponse n’est pas possible ici",
  "Condition not satisfied: required": "Réponse nécessaire",
  "1 question with error.": "1 question à corriger.",
  "%n questions with errors.": "%n questions à corriger.",
};
export const PHRASES = Object.keys(FRENCH).filter((p) => !p.startsWith("%n"));
const french = () => globalThis.document?.documentElement?.lang?.startsWith("fr");
export const phrase = (text) => (french() ? FRENCH[text] : undefined) ?? text;
