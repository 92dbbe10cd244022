"""What goods are: a small general vocabulary of commodities, so that "notebook" and "laptop" are known to be one thing.

Written by hand from general knowledge, its families after UNSPSC (United Nations Standard Products and Services Code):
kinds of goods, what dictionaries call them, and well-known makes that stand for one kind of goods. No labelled set was
copied, but its author knew half of one (Microsoft's order line cases): figures measured on those are optimistic. The
kinds from "cleaning service" on were written without it.
One kind a line: ``kind < wider kind: terms``; a term is one to three words.
"""

KINDS = """
goods:
food < goods: food, grocery, groceries, meal, foodstuff, provisions
beverage < goods: beverage, drink, refreshment
hot drink < beverage: hot drink, coffee, tea
coffee < hot drink: coffee, instant coffee, espresso, nescafe, jacobs, lavazza, folgers, nespresso, illy, tchibo
tea < hot drink: tea, tea bag, lipton, twinings, earl grey, green tea, darjeeling
soft drink < beverage: soft drink, soda, cola, lemonade, diet soda, coke, coca cola, pepsi, fanta, sprite, tonic,
 ginger ale
energy drink < soft drink: energy drink, red bull, monster energy, rockstar energy
sports drink < soft drink: sports drink, isotonic, gatorade, powerade
water < beverage: water, bottled water, mineral water, sparkling water, evian, perrier, volvic, vittel, san
 pellegrino
juice < beverage: juice, orange juice, apple juice, nectar, tropicana
beer < alcohol: beer, lager, ale, stout, pilsner, heineken, budweiser, guinness, carlsberg, corona beer, becks
alcohol < beverage: alcohol, alcoholic beverage, liquor
wine < alcohol: wine, red wine, white wine, rose wine, bordeaux, chardonnay, merlot, riesling, chianti, rioja
sparkling wine < wine: sparkling wine, champagne, prosecco, cava, sekt, moet, krug, veuve clicquot, dom perignon,
 bollinger
spirit < alcohol: spirit, distilled spirit
vodka < spirit: vodka, absolut, smirnoff, stolichnaya, grey goose, belvedere, finlandia
gin < spirit: gin, gordons, bombay sapphire, tanqueray, hendricks, beefeater
rum < spirit: rum, bacardi, havana club, captain morgan
tequila < spirit: tequila, mezcal, jose cuervo, patron, don julio, sierra tequila
whisky < spirit: whisky, whiskey, jameson
scotch < whisky: scotch, malt, johnnie walker, chivas, glenfiddich, macallan, laphroaig, ballantine
bourbon < whisky: bourbon, jack daniel, jim beam, makers mark, wild turkey, tennessee
cognac < spirit: cognac, brandy, martell, hennessy, remy martin, courvoisier
liqueur < spirit: liqueur, cream liqueur, bailey, irish cream, kahlua, cointreau, amaretto, jagermeister, campari,
 aperol
sake < alcohol: sake, rice wine
bread < bakery: bread, loaf, baguette, roll, toast
bakery < food: bakery, baked good, pastry, croissant, cake, muffin
biscuit < snack: biscuit, cookie, cracker, oreo, shortbread, wafer
snack < food: snack
chip < snack: chip, crisp, potato chip, pringle, lay, dorito, tortilla chip, nacho
confectionery < snack: confectionery, candy, sweet, lolly, gummy, haribo, skittle, mentos, liquorice, fudge,
 marshmallow, chewing gum
chocolate < confectionery: chocolate, chocolate bar, chocolate candy, m m, m ms, praline, truffle, snickers, mars bar,
 twix, kit kat, kitkat,
 toblerone, lindt, ferrero, ferrero rocher, milka, cadbury, hershey, swiss chocolate, bounty, kinder
spread < food: spread, nutella, jam, marmalade, peanut butter, honey, marmite
breakfast food < food: breakfast food, breakfast
cereal < breakfast food: cereal, cornflake, muesli, granola, oat, porridge, kellogg, cheerio, weetabix
dairy < food: dairy, dairy product, milk, butter, yogurt, yoghurt, cream, danone, curd
cheese < dairy: cheese, cheddar, gouda, emmental, brie, mozzarella, parmesan, kraft, gruyere, feta
ice cream < food: ice cream, frozen dessert, haagen dazs, ben jerry, gelato, dessert
condiment < food: condiment, ketchup, mustard, mayonnaise, sauce, heinz, tabasco, vinegar, relish, soy sauce,
 dressing
spice < food: spice, salt, pepper, seasoning, herb
oil < food: cooking oil, olive oil, sunflower oil, vegetable oil
rice < food: rice, paella rice, basmati, risotto
pasta < food: pasta, spaghetti, noodle, macaroni, barilla, penne
canned food < food: canned food, tinned food, canned, can soup, campbell, baked bean, tuna, spam
soup < canned food: soup, broth
fast food < food: fast food, burger, hamburger, big mac, mcdonald, whopper, pizza, kfc, sandwich, subway, hot dog,
 fries
meat < food: meat, beef, pork, ham, sausage, chicken, steak, bacon, poultry
fish < food: fish, salmon, seafood, cod, shrimp
fruit < food: fruit, banana, orange, grape, berry
vegetable < food: vegetable, potato, tomato, onion, carrot, salad
baby care < goods: baby care, diaper, nappy, pamper, huggies, baby food, baby formula
personal care < goods: personal care, toiletry, soap, shampoo, toothpaste, deodorant, hygiene, skincare, cosmetic,
 colgate, nivea, dove
perfume < personal care: perfume, fragrance, cologne, eau de toilette, chanel no
cleaning supply < goods: cleaning supply, cleaning agent, detergent, cleaner, bleach, disinfectant, washing powder,
 ariel, persil
paper hygiene < cleaning supply: toilet paper, tissue, paper towel, kleenex, napkin, wipe
clothing < goods: clothing, apparel, garment, clothes, wear, shirt, t shirt, trousers, dress, jacket, coat, sweater,
 hoodie, uniform, skirt, suit, sock, workwear, zara, h m
jeans < clothing: jeans, denim, levi, wrangler
sportswear < clothing: sportswear, activewear, athletic wear, athletic clothing, athletic apparel, exercise clothing,
 gym clothes,
 sports clothing, tracksuit, track pants, running shorts, sports bra, legging, yoga pants, jersey, under armour,
 lululemon
footwear < goods: footwear, shoe, boot, sandal, slipper, clarks, timberland
sport shoe < footwear: sport shoe, sports shoe, running shoe, sneaker, trainer, nike air, air max, air jordan,
 athletic shoe, puma shoe
bag < fashion accessory: bag, handbag, purse, backpack, suitcase, luggage, samsonite, louis vuitton
fashion accessory < goods: fashion accessory, accessory, belt, scarf, tie, glove, hat, wallet, gucci, prada, hermes
eyewear < fashion accessory: eyewear, sunglasses, glasses, spectacles, ray ban, oakley
jewellery < fashion accessory: jewellery, jewelry, ring, necklace, bracelet, earring, swarovski, tiffany
watch < fashion accessory: wristwatch, timepiece, rolex, omega, casio, seiko, tissot, chronograph
sports equipment < goods: sports equipment, sporting good, gym bag, gym equipment, athletic equipment,
 ball, soccer ball, football, basketball, tennis racket,
 racket, golf club, wilson
fitness < sports equipment: fitness, fitness equipment, treadmill, dumbbell, yoga mat, exercise bike
toy < goods: toy, game, lego, doll, barbie, puzzle, board game, playmobil, hasbro
book < goods: book, novel, textbook, magazine, publication
electronics < goods: electronics, electronic device, gadget, consumer electronics
entertainment device < electronics: entertainment device, home entertainment
computer < electronics: computer, pc, computing device, workstation, desktop, desktop computer, imac, tower pc
laptop < computer: laptop, notebook, notebook computer, laptop computer, macbook, thinkpad, chromebook, xps,
 ultrabook, portable computer, ideapad, elitebook, latitude laptop
tablet < electronics: tablet, tablet computer, ipad, galaxy tab, surface, surface pro, kindle fire
e reader < electronics: e reader, ereader, ebook reader, kindle, kobo, nook
stylus < peripheral: stylus, digital pen, apple pencil, surface pen, s pen
phone < electronics: phone, telephone, smartphone, mobile, mobile phone, mobile device, cell phone, cellular,
 cellphone, iphone, galaxy, pixel phone, handset
smartwatch < electronics: smartwatch, smart watch, apple watch, galaxy watch, wearable, fitness tracker, fitbit,
 garmin watch
peripheral < electronics: peripheral, computer accessory, computer peripheral, docking station, usb hub
input device < peripheral: input device, input equipment, input hardware
mouse < input device: mouse, pointing device, pointer, cursor controller, cursor device, trackball, trackpad, touchpad
keyboard < input device: keyboard, typing, typing device, keypad
monitor < electronics: monitor, display, screen, lcd, display panel
television < entertainment device: television, tv, smart tv, bravia, oled tv, tv set
video < electronics: video, video device, video equipment, video gear
projector < video: projector, beamer, projection, presentation equipment, presentation device
webcam < video: webcam, web camera, video conferencing camera
storage < electronics: storage, hard drive, hard disk, ssd, usb stick, flash drive, memory card, nas, data storage
network < electronics: router, switch, modem, network device, access point, wifi, networking equipment, netgear,
 cisco router
printer < office equipment: printer, printing machine, printing equipment, document printer, document producer,
 laserjet, inkjet, multifunction printer, plotter, printing device
scanner < office equipment: scanner, document scanner, copier, photocopier, fax
office equipment < goods: office equipment, office machine, shredder, laminator, calculator
printing supply < office supply: printing supply, printing supplies, toner, ink, cartridge, ink cartridge, toner
 cartridge, drum
office supply < goods: office supply, office supplies, stationery, pen, pencil, stapler, envelope, binder, folder,
 notepad, marker, post it, sticky note, paper clip
paper < office supply: paper, printer paper, copy paper, printing paper, a4
camera < electronics: camera, digital camera, dslr, photography, photo, mirrorless, nikon, gopro, camcorder,
 polaroid
lens < camera accessory: lens, objective, zoom lens
camera accessory < camera: camera accessory, tripod, camera bag, flash unit
audio < electronics: audio, sound, hifi, stereo, amplifier, acoustic
soundbar < audio: soundbar, sound bar
speaker < audio: speaker, loudspeaker, bluetooth speaker, subwoofer, bose, sonos, jbl
headphone < audio: headphone, headset, earphone, beats
earbud < headphone: earbud, airpod, earbuds, in ear
music player < audio: music player, ipod, mp3 player, walkman, cd player, turntable
media player < entertainment device: media player, blu ray, blu ray player, dvd, dvd player, video player
streaming < entertainment device: streaming device, streaming, chromecast, fire tv, roku, apple tv, streaming box
console < entertainment device: gaming console, game console, console, playstation, xbox, nintendo, video game
software < goods: software, computer program, program, software package, application, app, license, licence,
 subscription
operating system < software: operating system, windows, linux, macos, red hat
office software < software: microsoft office, office 365, productivity software, word processor, spreadsheet
design software < software: graphic design software, photoshop, adobe, illustrator, indesign, creative cloud, design
 software, photo editing
cad < software: cad, cad software, autocad, autodesk, solidworks, revit, drafting software
antivirus < software: antivirus, security software, norton, mcafee, kaspersky
appliance < goods: appliance, household appliance, home appliance, white goods
kitchen appliance < appliance: kitchen appliance, mixer, blender, toaster, oven, microwave, kettle, dishwasher,
 cooker, stove, kitchenaid, food processor, coffee maker, coffee machine, hob
fridge < kitchen appliance: refrigerator, fridge, freezer, refrigeration, cooler
laundry appliance < appliance: laundry appliance, washing machine, washer, laundry machine, dryer, tumble dryer, iron
cleaning appliance < appliance: cleaning appliance, vacuum, vacuum cleaner, hoover, roomba, dyson, steam cleaner,
 pressure washer
air conditioner < appliance: air conditioner, air conditioning, fan, heater, dehumidifier, hvac
light < goods: light, lighting, lamp, bulb, ceiling light, led, luminaire, torch
furniture < goods: furniture, chair, desk, table, sofa, shelf, bookcase, cabinet, wardrobe, bed, ikea, stool, couch
home decor < goods: home decor, decoration, decor, vase, curtain, rug, carpet, cushion, picture frame, candle,
 furnishing
tool < goods: tool, power tool, drill, hammer, saw, screwdriver, wrench, bosch drill, makita, dewalt, grinder,
 toolbox
fastener < goods: fastener, screw, bolt, nut, washer ring, nail, rivet
building material < goods: building material, cement, brick, concrete, sand, timber, plaster, paint, tile, lumber,
 gravel
vehicle < goods: vehicle, motor vehicle, transport
car < vehicle: car, automobile, sedan, toyota, corolla, volkswagen, bmw, mercedes, tesla, honda civic, suv,
 hatchback, audi, ford
motorcycle < vehicle: motorcycle, motorbike, scooter, harley davidson, yamaha motorcycle, honda cbr, ducati,
 kawasaki, moped
bicycle < vehicle: bicycle, bike, mountain bike, e bike
car part < goods: car part, tyre, tire, brake, spark plug, engine oil, car battery, windscreen, michelin
battery < goods: battery, duracell, energizer, power bank, accumulator
cable < goods: cable, wire, plug, extension lead, cord, patch lead, connector
power supply < electronics: power supply, power adapter, adapter, charger, power brick, charging device, charging cable,
 uninterruptible power supply, ups
service < goods: service, labour, labor, work
consulting < service: consulting, consultancy, advisory, advice
maintenance < service: maintenance, repair, servicing, upkeep
training < service: training, course, seminar, workshop
travel < service: travel, flight, hotel, accommodation, taxi, train ticket, airfare
freight < service: freight, shipping, delivery, postage, courier, carriage, transportation, haulage
cleaning service < service: cleaning service, janitorial, office cleaning, window cleaning, laundry service
security service < service: security service, guard service, surveillance
staffing < service: temporary staff, temp staff, agency worker, contractor, staffing, interim
legal service < service: legal service, legal advice, attorney, solicitor, notary
accounting service < service: audit, bookkeeping, tax advice, accounting service, payroll
marketing < service: marketing, advertising, advertisement, campaign, media buying, google ads, sponsorship
print service < service: printing service, print job, brochure, flyer, leaflet, business card, poster, banner
waste disposal < service: waste disposal, waste, recycling, skip hire, garbage
catering < service: catering, buffet, canteen
insurance < service: insurance, premium, policy cover
rent < service: rent, lease, rental, hire, tenancy
installation < service: installation, assembly, commissioning, setup
hosting < service: hosting, cloud hosting, web hosting, domain, server hosting, aws, azure
telecom < service: telecom, telephony, broadband, internet access, phone line, mobile plan, sim card
energy < service: energy, electricity, power supply contract, natural gas, district heating
packaging < goods: packaging, packing material, carton, cardboard box, corrugated box, pallet, stretch film, bubble
 wrap, packing tape, adhesive tape, scotch tape, label
safety equipment < goods: safety equipment, protective equipment, ppe, hard hat, safety helmet, safety glasses, safety
 goggle, ear plug, hi vis vest, safety vest, respirator, face mask, work glove, safety boot, first aid kit
medical supply < goods: medical supply, medical supplies, bandage, syringe, plaster strip, nitrile glove, gauze,
 thermometer, band aid
medicine < goods: medicine, drug, pharmaceutical, painkiller, aspirin, ibuprofen, paracetamol, tylenol, advil, vitamin
laboratory supply < goods: laboratory supply, lab supplies, pipette, beaker, test tube, reagent, petri dish
fuel < goods: fuel, diesel, petrol, gasoline, heating oil, shell, exxon
lubricant < goods: lubricant, grease, motor oil, gear oil, wd 40, castrol, mobil 1
metal < goods: metal, steel, stainless steel, aluminium, aluminum, copper, sheet metal, steel bar
chemical < goods: chemical, solvent, acetone, ethanol, resin, acid
electrical < goods: electrical supply, socket, light switch, fuse, circuit breaker, junction box, contactor, relay
plumbing < goods: plumbing, pipe, valve, fitting, tap, faucet, pump, hose, gasket
bearing < goods: bearing, ball bearing, gear, belt drive, chain drive, sprocket
garden < goods: garden, lawn mower, mower, hedge trimmer, plant, flower, seed, fertilizer, husqvarna, gardena
cookware < goods: cookware, pan, frying pan, pot, saucepan, tefal, cutlery, kitchen knife, utensil
tableware < goods: tableware, plate, cup, mug, glassware, bowl, dish set
bedding < home decor: bedding, pillow, duvet, blanket, mattress, sheet set, linen, towel
pet supply < goods: pet supply, pet food, dog food, cat food, whiskas, pedigree, purina
musical instrument < goods: musical instrument, guitar, piano, violin, drum kit, fender, gibson, yamaha piano, steinway
make up < personal care: make up, makeup, lipstick, mascara, foundation cream, maybelline, loreal, mac lipstick
shaving < personal care: shaving, razor, razor blade, shaver, gillette, braun shaver
oral care < personal care: oral care, toothbrush, mouthwash, oral b, sensodyne, listerine
hair care < personal care: hair care, conditioner, hair dryer, hairspray, head shoulder, pantene
stroller < baby care: stroller, pram, pushchair, car seat, baby bottle, pacifier
smart home < electronics: smart home, smart speaker, amazon echo, echo dot, google home, smart thermostat, nest
 thermostat, video doorbell, smart plug, philips hue
virtual reality < electronics: virtual reality, vr headset, oculus, meta quest, htc vive
drone < camera: drone, quadcopter, dji
navigation < electronics: navigation, gps, gps device, sat nav, garmin, tomtom
server < computer: server, rack server, poweredge, proliant, blade server
graphics card < computer part: graphics card, gpu, video card, geforce, radeon
processor < computer part: processor, cpu, intel core, ryzen
memory < computer part: memory, ram, memory module, ddr4, ddr5
computer part < electronics: computer part, computer component, motherboard
communication software < software: communication software, messaging, zoom, slack, microsoft teams, webex, skype
database software < software: database, oracle database, sql server, postgresql, mysql
accounting software < software: accounting software, erp software, quickbooks, sap license, xero
"""

_STOP_WORDS = "a an and by for from in made of on or over per the to type with für mit und von"
STOP_WORDS = frozenset(_STOP_WORDS.split())
