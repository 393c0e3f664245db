package analysis

// The 33 English stop words that Lucene's StandardAnalyzer made classic. They are
// left out of a query that has other words.
const stopEnglish = `a an and are as at be but by for if in into is it no not of on or such that the their then there these
they this to was will with`

// Further English function words: pronouns, auxiliaries, prepositions,
// conjunctions, quantifiers, adverbs of degree, time and place, and contractions.
const lightEnglish = `
i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself its
itself them theirs themselves one who whom whose whoever which whichever what whatever when whenever where wherever why how
however whether someone somebody something somewhere somehow sometime sometimes anyone anybody anything anywhere anyhow anyway
everyone everybody everything everywhere nobody nothing nowhere none another other others either neither both each every all any
some few fewer little less least many more most much several enough half own same so am been being were have has had having do
does did doing done can could may might must shall should would ought get gets got getting gotten made seem seems seemed seeming
become becomes became becoming about above across after against along alongside already also although always among amongst amid
around away back because before behind below beneath beside besides between beyond concerning considering despite down during
else elsewhere especially etc even ever except excluding following former formerly from further furthermore hence here hereafter
indeed inside instead inward just lastly later latter latterly like likely likewise maybe meanwhile merely moreover mostly
namely nearby nearly never nevertheless next nonetheless nor now off often once only onto opposite otherwise out outside over
overall per perhaps please possibly preferably presumably previously probably provided quite rather really regarding regardless
sake seldom since still than thence thereafter thereby therefore therein those though through throughout thru thus till together
too toward towards under underneath unless unlike until unto up upon usually various versus very via viz well whence whereas
whereby while whilst within without worth yet aren't can't cannot couldn't didn't doesn't don't hadn't hasn't haven't isn't
mustn't needn't shan't shouldn't wasn't weren't won't wouldn't i'm i've i'd i'll you're you've you'd you'll he'd he'll she'd
she'll it'd it'll we're we've we'd we'll they're they've they'd they'll there'll that'll who'd who'll who've
`

// Other languages: the articles, pronouns, prepositions, conjunctions and forms of
// to be and to have that any text is full of.
const (
	stopGerman = `der die das den dem des ein eine einen einem einer eines und oder aber nicht kein keine keinen ist sind war
waren sein seine seiner wird werden wurde wurden hat haben hatte in im ins an am auf aus bei beim mit nach von vom vor zu zum zur
für über unter um durch als wie wenn weil dass daß ob so auch nur noch schon es er sie wir ihr ich du sich man mir mich dir dich uns
euch ihm ihn ihnen dies diese dieser dieses diesem diesen jede jeder jedes da dort hier was wer wo`
	stopFrench = `le la les l un une des du de d au aux et ou mais ne n pas ni que qu qui quoi dont où ce c cet cette ces se s son
sa ses mon ma mes ton ta tes notre nos votre vos leur leurs je j tu il elle on nous vous ils elles me m te t lui y en dans par pour
sur sous avec sans est sont était étaient être été a ai as ont avait avaient avoir si plus comme donc car`
	stopSpanish = `el la los las lo un una unos unas de del al a y e o u pero no ni que qué quien cual como cómo cuando donde en
por para con sin sobre entre hasta desde se su sus mi mis tu tus nuestro nuestra me te le les nos es son era eran ser fue fueron
está están estaba ha han había haber hay si sí más muy ya este esta estos estas ese esa eso esto yo él ella ellos ellas usted`
	//nolint:misspell // Portuguese
	stopPortuguese = `o a os as um uma uns umas de do da dos das em no na nos nas ao aos à às por pelo pela pelos pelas para com
sem sobre entre até e ou mas não nem que quem qual como quando onde se seu sua seus suas meu minha teu tua nosso nossa me te lhe lhes
é são era eram ser foi foram está estão estava tem têm tinha ter há mais muito já este esta estes estas esse essa isso isto eu ele
ela eles elas você vocês nós`
	stopItalian = `il lo la i gli le l un uno una di del dello della dei degli delle dell a al allo alla ai agli alle all da dal
dallo dalla dai dagli dalle dall in nel nello nella nei negli nelle nell su sul sullo sulla sui sugli sulle sull con per tra fra e ed
o ma non né che chi cui come quando dove se si ci vi mi ti ne suo sua suoi sue mio mia tuo tua nostro vostro loro è sono era erano
essere stato ha hanno aveva avere ho più anche questo questa questi queste quello quella io tu lui lei noi voi d c`
	stopDutch = `de het een en of maar niet geen ook nog al van in op aan bij met voor naar om uit over onder door tot te ter dat
die dit deze er hier daar wat wie waar hoe als dan toen is zijn was waren ben wordt worden werd werden heeft hebben had hadden kan
kunnen zal zullen zou ik je jij u hij zij ze wij we jullie hun hen hem haar mijn uw ons onze zich men so`
	stopRussian = `и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее её мне было вот от меня о из
ему ей им их для мы тебя была сам без раз тоже себя под ж кто этот эта это эти того этого том тот был быть будет были есть или ни
если до при об над у чтобы который которая которое которые где когда чем их нас вас они`
	stopSwedish = `och i att det som en ett på är av för med till den de han hon jag vi ni du man sig om har hade inte men så var
från eller vid kan ska skulle när hur vad vem där här detta denna dessa dem dig mig oss er sin sitt sina min mitt mina din ditt under
över efter upp ut då nu än`
	stopDanish = `og i at det som en et på er af for med til den de han hun jeg vi i du man sig om har havde ikke men så var fra
eller ved kan skal skulle når hvor hvad hvem der her dette denne disse dem dig mig os jer sin sit sine min mit mine din dit under over
efter op ud da nu end`
	stopNorwegian = `og i at det som en et ei på er av for med til den de han hun jeg vi dere du man seg om har hadde ikke men så
var fra eller ved kan skal skulle når hvor hva hvem der her dette denne disse dem deg meg oss sin sitt sine min mitt mine din ditt
under over etter opp ut da nå enn`
	stopFinnish = `ja tai mutta ei en et emme ette eivät on ovat oli olivat olla ole se ne hän he minä sinä me te tämä tuo nämä
nuo joka jotka mikä mitä kun jos että niin kuin myös vain sen sitä siitä sille hänen heidän minun sinun`
	stopHungarian = `a az egy és vagy de nem is hogy ha mint csak már még meg el ki be fel le ez azt ezt ezek azok aki ami amely
van volt vannak voltak lesz én te ő mi ti ők`
	stopRomanian = `și sau dar nu în din de la pe cu pentru prin un o unei unui al a ai ale cel cea cei cele este sunt era erau fi
fost are au avea că să ce care cum când unde el ea ei ele eu tu noi voi se își lui lor mai`
)
