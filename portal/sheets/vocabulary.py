"""What union offices call things in English, Spanish and French: headings and the words beneath them."""


def spellings(text: str) -> tuple[str, ...]:
    """The entries of a list with commas. Matching ignores accents, case, spaces and punctuation."""
    return tuple(" ".join(entry.split()) for entry in text.split(","))


STANDINGS = {
    "staff": spellings("""
        paid staff, union staff, staff representative, staff rep, employee, organizer, personal, empleado,
        empleada, personal del sindicato, representante, asesor, asesora, personnel, permanent, permanente,
        permanent syndical, permanente syndicale, conseiller syndical, conseillère syndicale
    """),
    "leadership": spellings("""
        leader, officer, local officer, executive, executive board, president, recording secretary,
        treasurer, financial secretary, vice president, dirigencia, dirigente, dirigente sindical, comité
        ejecutivo, comité ejecutivo local, secretario general, secretaria general, secretario de actas,
        secretaria de actas, tesorero, tesorera, direction, dirigeant, dirigeante, dirigeant/e, exécutif,
        comité exécutif, président, présidente, secrétaire-archiviste, trésorier, trésorière
    """),
    "membership": spellings("""
        member, rank and file, active member, active, membre, membre actif, membre active, miembro,
        agremiado, agremiada, agremiado/a, afiliado, afiliada, socio, socia, base, trabajador, trabajadora,
        salarié, salariée
    """),
}
ROLES = {
    "learner": spellings("""
        student, learns, estudiante, alumno, alumna, aprendiz, apprenant, apprenante, étudiant, étudiante
    """),
    "instructor": spellings("""
        teacher, tutor, instructora, maestro, maestra, docente, profesor, profesora, formateur, formatrice,
        enseignant, enseignante, professeur
    """),
    "coordinator": spellings("""
        exchange coordinator, coordinador, coordinadora, coordinador de intercambio, coordinadora de
        intercambio, coordonnateur, coordonnatrice, coordonnatrice des échanges
    """),
    "commission": spellings("""
        commission member, joint commission, comisión, comisionado, comisionada, comisión mixta,
        commissaire, commission mixte
    """),
    "administrator": spellings("admin, administrador, administradora, administrateur, administratrice"),
}
LOCALES = {
    "en": spellings("English, en-US, en-CA, eng, inglés, anglais, E"),
    "es_MX": spellings("Spanish, es, es-419, esp, español, castellano, espagnol, S"),
    "fr_CA": spellings("French, fr, fra, français, francés, F"),
}
UNIONS = {
    "USW": spellings("""
        United Steelworkers, Steelworkers, Steelworker, Métallos, Metallos, Syndicat des Métallos
    """),
    "LM": spellings("Los Mineros, Mineros, SNTMMSRM, SNTMMSSRM, Sindicato Minero, Minero"),
}

PEOPLE_HEADINGS = {
    "name": spellings("""
        Name, full name, member name, member, applicant, applicant name, nombre, nombre completo, nombre y
        apellidos, nombre del agremiado, agremiado, agremiado/a, compañero/a, solicitante, nom, nom complet,
        nom et prénom, prénom et nom, nom du membre, candidat, candidate, candidat/e
    """),
    "given_name": spellings("""
        First name, given name, given names, forename, nombres, nombre de pila, prénom, prénoms
    """),
    "family_name": spellings("""
        Last name, surname, family name, apellidos, apellido, apellido paterno, primer apellido, nom de
        famille
    """),
    "second_family_name": spellings("Second last name, apellido materno, segundo apellido"),
    "email": spellings("""
        E-mail, e-mail address, mail, email, work e-mail, personal e-mail, correo, correo electrónico,
        correo e, dirección de correo, courriel, adresse courriel, adresse électronique, courrier
        électronique
    """),
    "phone": spellings("""
        Phone, phone number, telephone, cell, cell phone, mobile, home phone, teléfono, celular, cell phone
        number, teléfono celular, teléfono móvil, tel, tel. celular, número de teléfono, móvil, whatsapp,
        téléphone, cellulaire, no de téléphone, numéro de téléphone
    """),
    "country": spellings("Country, país, pays"),
}
ROSTER_HEADINGS = {
    "local": spellings("""
        Local, local union, union/local, local/union, union and local, sindicato/sección, syndicat/section
        locale, local no, local number, local num, local lodge, LU, unit local, sección, sección sindical,
        no. de sección, número de sección, section, section locale, no de section locale, numéro de section
        locale, section syndicale, SL
    """),
    "standing": spellings("""
        Standing, status, membership status, category, type, calidad, categoría, situación, tipo, cargo,
        statut, catégorie, qualité, fonction, position, title
    """),
    "roles": spellings("""
        Roles, role, portal role, portal roles, rol, rol en el portal, rôle dans le portail, papel, función
        en el portal, rôle, rôles
    """),
    "locale": spellings("""
        Language, locale, preferred language, correspondence language, idioma, lengua, idioma preferido,
        langue, langue de correspondance, langue préférée
    """),
    "zone": spellings("""
        Time zone, timezone, tz, zona horaria, huso horario, fuseau horaire, fuseau
    """),
    "starts_on": spellings("""
        Start date, start, hire date, member since, date joined, seniority date, fecha de ingreso, fecha de
        inicio, fecha de alta, ingreso, antigüedad, fecha de antigüedad, date de début, date d'embauche,
        date d'adhésion, date d'ancienneté, membre depuis
    """),
}
APPLICATION_HEADINGS = {
    "union": spellings("Union, sindicato, syndicat"),
    "local": spellings("""
        Local, local union, union/local, local/union, union and local, sindicato/sección, syndicat/section
        locale, local no, local number, local num, local lodge, LU, unit local, sección, sección sindical,
        no. de sección, número de sección, section, section locale, no de section locale, numéro de section
        locale, section syndicale, SL
    """),
    "windows": spellings("""
        Dates, windows, available dates, availability, when, fechas, fechas disponibles, disponibilidad,
        periodos, dates disponibles, disponibilités, disponibilité, périodes
    """),
    "starts_on": spellings("""
        From, from 1, desde 1, du 1, available from, start, start date, desde, disponible desde, fecha de
        inicio, inicio, du, de, à partir du, début, disponible du, date de début
    """),
    "ends_on": spellings("""
        To, to 1, hasta 1, au 1, until, through, available to, available until, end, end date, hasta,
        disponible hasta, fin, fecha de término, fecha final, au, jusqu'au, disponible au, date de fin
    """),
    "starts_on_2": spellings("From 2, desde 2, du 2"),
    "ends_on_2": spellings("To 2, hasta 2, au 2"),
    "languages": spellings("""
        Languages, languages and levels, language skills, idiomas, idiomas y nivel, idiomas y niveles,
        lenguas, langues, langues et niveaux, connaissances linguistiques
    """),
    "spanish": spellings("""
        Spanish, Spanish level, español, nivel de español, espagnol, niveau d'espagnol
    """),
    "english": spellings("""
        English, English level, inglés, nivel de inglés, anglais, niveau d'anglais
    """),
    "french": spellings("""
        French, French level, francés, nivel de francés, français, niveau de français
    """),
    "sectors": spellings("""
        Sectors, sector, industry, industries, sectores, ramo, industria, secteurs, secteur, secteurs
        d'activité
    """),
    "placements": spellings("""
        Placements, ranked placements, preferences, choices, placement choices, plazas, preferencias,
        opciones, lugares, estancias, plazas por orden, estancias por orden, placements souhaités, préférences,
        choix, stages souhaités
    """),
    "passport_until": spellings("""
        Passport valid until, passport, passport expires, passport expiry, passport expiration, pasaporte,
        pasaporte vigente hasta, vigencia del pasaporte, vencimiento del pasaporte, passeport, passeport
        valide jusqu'au, passeport valable jusqu'au, échéance du passeport
    """),
    "entry": spellings("""
        Entry permissions valid until, entry permissions, entry permission, visas, visa, entry permits,
        permisos de entrada, permiso de entrada, permisos de entrada vigentes hasta, permisos d'entrée,
        permis d'entrée, permis d'entrée valides jusqu'au, autorisations d'entrée, autorisation d'entrée
    """),
    "entry_us": spellings("""
        US entry valid until, US visa valid until, US visa, visa EE. UU., visa americana, visa EE. UU.
        vigente hasta, visa américain, visa États-Unis
    """),
    "entry_ca": spellings("""
        Canada entry valid until, Canada eTA valid until, Canada eTA, eTA, Canada visa, visa Canadá, eTA
        Canadá, visa canadiense, permiso Canadá, permiso Canadá vigente hasta, AVE Canada, AVE
    """),
    "entry_mx": spellings("""
        Mexico entry valid until, Mexico visa, FMM, FMM valid until, permiso México, permiso México
        vigente hasta, visa Mexique, entrée Mexique
    """),
    "certificates": spellings("""
        Certificates, certificates valid until, certifications, safety certificates, certificados,
        certificados vigentes hasta, constancias, certificats, certificats valides jusqu'au, attestations
    """),
    "interpreter": spellings("""
        Interpreter, interpreter wish, needs interpreter, interpreter wanted, intérprete, requiere
        intérprete, necesita intérprete, desea intérprete, interprète, besoin d'interprète, souhaite un
        interprète, interprète souhaité
    """),
}
