package bleveindex_test

// Claims about languages, on sentences as people write them:
//  1. In a site of one language, singular finds plural and the other way round, accents and
//     capitals do not matter, and inflected forms find each other.
//  2. In a site of all of them together the same holds within lang:, and words as they are
//     written are found without.
//  3. Stop words of a language are dropped beside other words, and a query of nothing else means
//     its words.
//  4. Chinese, Japanese and Korean are found by any run of their characters: pairs of them, so
//     that 索引 (index) is also found within 搜索引擎 (search engine).

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"alphanode/corpus"
	"alphanode/index"
	"alphanode/index/query"
)

// language is a small site. Its cases are "query = ids", ids in any order.
type language struct {
	lang  string
	posts map[string]string
	cases []string
}

func languages() []language {
	return []language{
		{"en", map[string]string{
			"db":   "The databases replicate their indexes every night.",
			"run":  "Running a query takes milliseconds; it ran slower before.",
			"cafe": "We wrote the resumé parser in a café.",
			"uni":  "A university course about universal hashing.",
			"mice": "Policies and studies of caches, boxes and leaves.",
		}, []string{
			"database = db", "Databases = db", "index = db", "replicated = db", "replication = db", "queries = run", "runs = run", "CAFÉ = cafe", "resume = cafe", "policy = mice", "study = mice", "cache = mice", "caching = mice", "box = mice",
			"milliseconds = run", "universities = uni",
		}},
		{"de", map[string]string{
			"haus":   "Die Häuser am Fluss haben große Türen.",
			"daten":  "Die Datenbank speichert Einträge in Bäumen.",
			"suche":  "Wir durchsuchten die Volltextsuche nach schnellen Abfragen.",
			"strass": "Eine Straße führt über die Brücke.",
			"fehler": "Fehlermeldungen sind oft missverständlich.",
		}, []string{
			"Haus = haus", "hauser = haus", "Häusern = haus", "Tür = haus", "große = haus", "grosse = haus", "großen = haus", "Datenbanken = daten", "Eintrag = daten", "Baum = daten", "Abfrage = suche", "schnell = suche", "Strasse = strass", "straßen = strass",
			"bruecke = ", "Brücken = strass", "Fehlermeldung = fehler", "Volltextsuchen = suche",
		}},
		{"fr", map[string]string{
			"chevaux": "Les serveurs répondent aux requêtes des clients.",
			"ete":     "L'été dernier, nous avons déployé une nouvelle version.",
			"oeuvre":  "Le cœur du moteur indexe les données françaises.",
			"maison":  "Des maisons anciennes et des élèves curieux.",
		}, []string{
			"serveur = chevaux", "requête = chevaux", "requetes = chevaux", "client = chevaux", "été = ete", "ete = ete", "nouvelles = ete", "versions = ete", "coeur = oeuvre", "cœur = oeuvre", "donnée = oeuvre", "moteurs = oeuvre", "française = oeuvre",
			"maison = maison", "ancienne = maison", "élève = maison", "eleves = maison",
		}},
		{"es", map[string]string{
			"niño":   "Los niños programan en español durante la mañana.",
			"accion": "Las acciones del servidor generan configuraciones nuevas.",
			"arbol":  "Los árboles balanceados aceleran las búsquedas.",
		}, []string{
			"niño = niño", "nino = niño", "programa = niño", "mañanas = niño", "acción = accion", "accion = accion", "configuración = accion", "servidores = accion", "nueva = accion", "árbol = arbol", "arbol = arbol", "búsqueda = arbol", "busqueda = arbol",
		}},
		{"pt", map[string]string{
			"acao":  "As ações do usuário geram configurações em produção.",
			"coraç": "Os corações dos sistemas são os índices.",
			"pagin": "Páginas grandes demoram a carregar nos navegadores.",
		}, []string{
			"ação = acao", "acao = acao", "configuração = acao", "usuários = acao", "produção = acao", "coração = coraç", "sistema = coraç", "índice = coraç", "indice = coraç", "página = pagin", "grande = pagin", "navegador = pagin", "carregam = pagin",
		}},
		{"ru", map[string]string{
			"baza":   "Базы данных хранят индексы на диске.",
			"poisk":  "Поисковые системы ищут документы быстро.",
			"zelena": "Зелёный сервер отвечает на запросы.",
		}, []string{
			"база = baza", "БАЗА = baza", "индекс = baza", "диск = baza", "документ = poisk", "документов = poisk", "система = poisk", "зеленый = zelena", "зелёный = zelena", "запрос = zelena", "серверы = zelena",
		}},
		{"it", map[string]string{
			"citta": "Le città più grandi usano server veloci.",
			"ragaz": "I ragazzi dell'università scrivono programmi.",
			"base":  "Le basi di dati contengono tabelle e indici.",
		}, []string{
			"città = citta", "citta = citta", "grande = citta", "veloce = citta", "ragazzo = ragaz", "università = ragaz", "universita = ragaz", "programma = ragaz", "scrivere = ragaz", "tabella = base", "base = base", "indice = base",
		}},
		{"nl", map[string]string{
			"huis":  "De gegevensbanken bewaren tabellen en indexen.",
			"serv":  "Snelle servers beantwoorden de vragen van gebruikers.",
			"reeel": "Een reëel systeem met geïnstalleerde pakketten.",
		}, []string{
			"gegevensbank = huis", "tabel = huis", "index = huis", "server = serv", "snel = serv", "vraag = serv", "gebruiker = serv", "reëel = reeel", "reeel = reeel", "systemen = reeel", "pakket = reeel",
		}},
		{"zh", map[string]string{
			"suo":  "全文搜索引擎可以快速找到文档。",
			"shu":  "数据库把索引存储在磁盘上。",
			"kube": "在 Kubernetes 集群中部署服务。",
		}, []string{
			"搜索 = suo", "搜索引擎 = shu suo", "全文 = suo", "文档 = suo", "数据库 = shu", "索引 = shu suo", "磁盘 = shu", "Kubernetes = kube", "集群 = kube", "kubernetes 集群 = kube", "鲸鱼 = ",
		}},
		{"ja", map[string]string{
			"ken":  "全文検索エンジンを作る方法を説明します。",
			"deta": "データベースの索引はディスクに保存されます。",
			"go":   "Go言語でサーバーを書く。",
		}, []string{
			"検索 = ken", "検索エンジン = ken", "エンジン = ken", "データベース = deta", "ディスク = deta", "ﾃﾞｰﾀﾍﾞｰｽ = deta", "サーバー = go", "言語 = go", "Go = go", "go言語 = go", "鯨肉 = ",
		}},
		{"ko", map[string]string{
			"geom": "전문 검색 엔진을 만드는 방법.",
			"data": "데이터베이스는 색인을 디스크에 저장한다.",
		}, []string{"검색 = geom", "검색 엔진 = geom", "데이터베이스 = data", "색인 = data", "디스크 = data", "고래 = "}},
	}
}

func (l language) changes(prefix string, seq *uint64) []corpus.Change {
	var ids []string
	for id := range l.posts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var out []corpus.Change
	for _, id := range ids {
		*seq++
		p := corpus.Post{ID: prefix + id, Body: l.posts[id], Lang: l.lang}
		out = append(out, corpus.Change{ID: p.ID, Seq: *seq, Post: &p})
	}
	return out
}

// found are the ids that a query finds, sorted, without a prefix. Typing mistakes are not
// taken, so that what is found is found by its language.
func foundBy(t *testing.T, idx index.Index, q, prefix string) []string {
	t.Helper()
	res, err := idx.Search(t.Context(), index.Request{Query: query.Parse(q), Size: 100, Typos: index.TyposNever})
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, h := range res.Hits {
		if !strings.HasPrefix(h.ID, prefix) {
			t.Errorf("%q finds %s", q, h.ID)
		}
		out = append(out, strings.TrimPrefix(h.ID, prefix))
	}
	slices.Sort(out)
	return out
}

func TestLanguages(t *testing.T) {
	for _, l := range languages() {
		t.Run(l.lang, func(t *testing.T) {
			idx := opened(t, index.Options{}, func(*index.Options) {})
			var seq uint64
			applyAll(t, l.changes("", &seq), idx)
			for _, c := range l.cases {
				q, ids, _ := strings.Cut(c, " = ")
				if diff := cmp.Diff(append([]string{}, strings.Fields(ids)...), foundBy(t, idx, q, "")); diff != "" {
					t.Errorf("%q (-want +got):\n%s", q, diff)
				}
			}
		})
	}
}

func TestLanguagesTogether(t *testing.T) {
	idx := opened(t, index.Options{}, func(*index.Options) {})
	var seq uint64
	for _, l := range languages() {
		applyAll(t, l.changes(l.lang+"/", &seq), idx)
	}
	for _, l := range languages() {
		for _, c := range l.cases {
			q, ids, _ := strings.Cut(c, " = ")
			got := foundBy(t, idx, fmt.Sprintf("%s lang:%s", q, l.lang), l.lang+"/")
			// A field is required, and words beside it only rank.
			for id := range strings.FieldsSeq(ids) {
				if len(got) == 0 || !slices.Contains(got, id) {
					t.Errorf("%s: %q finds %v", l.lang, q, got)
				}
			}
			if len(strings.Fields(ids)) > 1 {
				continue // Each pair of characters is required, and only the best match has all.
			}
			got = foundBy(t, idx, fmt.Sprintf("+%s lang:%s", strings.ReplaceAll(q, " ", " +"), l.lang), l.lang+"/")
			if diff := cmp.Diff(append([]string{}, strings.Fields(ids)...), got); diff != "" {
				t.Errorf("%s: +%q (-want +got):\n%s", l.lang, q, diff)
			}
		}
		for id, body := range l.posts {
			words := strings.Fields(body)
			word := words[len(words)-1]
			res, err := idx.Search(t.Context(), index.Request{Query: query.Parse(word), Size: 100})
			if err != nil || !slices.Contains(hitIDs(res.Hits), l.lang+"/"+id) {
				t.Errorf("%s: %q does not find %s without lang: %v, %v", l.lang, word, id, hitIDs(res.Hits), err)
			}
		}
	}
}

func TestStopWordsOfLanguages(t *testing.T) {
	for lang, tc := range map[string]struct{ text, stops, word string }{
		"en": {"To be or not to be, that is a question.", "to be or not to be", "question"},
		"de": {"Das ist nicht die Frage, die der Schreiber stellt.", "das ist die", "Frage"},
		"fr": {"Ce n'est pas la question que les autres posent.", "la les", "question"},
		"es": {"No es la pregunta de los otros.", "no es la", "pregunta"},
		"pt": {"Não é a pergunta dos outros.", "a dos", "pergunta"},
		"ru": {"Это не вопрос, и он не для нас.", "и не", "вопрос"},
		"it": {"Non è la domanda degli altri.", "non la", "domanda"},
		"nl": {"Dit is niet de vraag van de anderen.", "is de van", "vraag"},
	} {
		idx := opened(t, index.Options{}, func(*index.Options) {})
		posts := []corpus.Post{{ID: "a", Body: tc.text, Lang: lang}, {ID: "b", Body: "qwertz", Lang: lang}}
		applyAll(t, []corpus.Change{{ID: "a", Seq: 1, Post: &posts[0]}, {ID: "b", Seq: 2, Post: &posts[1]}}, idx)
		for q, dropped := range map[string]int{tc.stops: 0, tc.stops + " " + tc.word: len(slices.Compact(slices.Sorted(strings.FieldsSeq(tc.stops))))} {
			res, err := idx.Search(t.Context(), index.Request{Query: query.Parse(q), Size: 10, Typos: index.TyposNever})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(hitIDs(res.Hits), []string{"a"}) || len(res.Applied.Dropped) != dropped {
				t.Errorf("%s: %q finds %v, dropped %v", lang, q, hitIDs(res.Hits), res.Applied.Dropped)
			}
		}
	}
}
